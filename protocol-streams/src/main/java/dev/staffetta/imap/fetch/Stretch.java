package dev.staffetta.imap.fetch;

import dev.staffetta.imap.fetch.FetchItem.Partial;
import dev.staffetta.mime.BodyPart;
import dev.staffetta.mime.MessageSummary;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Where in a message the bytes lie that a section names.
 *
 * @param offset in the message
 * @param length in bytes
 */
record Stretch(long offset, long length) {
  /**
   * Finds a section in a message (RFC 9051 6.4.5.1); for {@code HEADER.FIELDS} the whole header.
   * Empty when the message has no such part, or that part no such text.
   */
  static Optional<Stretch> of(Section section, MessageSummary summary) {
    BodyPart message = summary.body();
    if (section.part().isEmpty()) {
      return section.text() == Section.Text.ALL
          ? Optional.of(new Stretch(0, summary.size()))
          : textOf(message, section.text());
    }
    Iterator<Integer> path = section.part().iterator();
    Optional<BodyPart> found = partOfMessage(message, path.next());
    while (found.isPresent() && path.hasNext()) {
      int number = path.next();
      BodyPart part = found.get();
      found =
          part.message().isPresent()
              ? partOfMessage(part.message().get().body(), number)
              : partOfMultipart(part, number);
    }
    return found.flatMap(
        part ->
            switch (section.text()) {
              case ALL -> Optional.of(body(part));
              case MIME -> Optional.of(header(part));
              case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT, TEXT ->
                  part.message().flatMap(inner -> textOf(inner.body(), section.text()));
            });
  }

  /** A part of a message: the only part of one that is no multipart has number 1. */
  private static Optional<BodyPart> partOfMessage(BodyPart message, int number) {
    if (message.contained() instanceof BodyPart.Parts) {
      return partOfMultipart(message, number);
    }
    return number == 1 ? Optional.of(message) : Optional.empty();
  }

  private static Optional<BodyPart> partOfMultipart(BodyPart part, int number) {
    if (!(part.contained() instanceof BodyPart.Parts multipart)) {
      return Optional.empty();
    }
    List<BodyPart> parts = multipart.parts();
    if (parts.isEmpty() && number == 1) {
      // BODYSTRUCTURE shows an empty text where a multipart has no parts: this is it.
      return Optional.of(BodyStructureWriter.emptyPart(part.bodyOffset()));
    }
    return number <= parts.size() ? Optional.of(parts.get(number - 1)) : Optional.empty();
  }

  private static Optional<Stretch> textOf(BodyPart message, Section.Text text) {
    return switch (text) {
      case TEXT -> Optional.of(body(message));
      case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT -> Optional.of(header(message));
      case ALL, MIME -> Optional.empty();
    };
  }

  private static Stretch header(BodyPart part) {
    return new Stretch(part.headerOffset(), part.headerSize());
  }

  private static Stretch body(BodyPart part) {
    return new Stretch(part.bodyOffset(), part.bodySize());
  }

  /** What a partial leaves of it (RFC 9051 6.4.5, partial): nothing when that begins beyond it. */
  Stretch cut(Optional<Partial> partial) {
    if (partial.isEmpty()) {
      return this;
    }
    long skipped = Math.min(partial.get().offset(), length);
    return new Stretch(offset + skipped, Math.min(partial.get().length(), length - skipped));
  }
}
