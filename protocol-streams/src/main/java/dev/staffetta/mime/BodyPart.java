package dev.staffetta.mime;

import java.util.List;
import java.util.Optional;

/**
 * One part of a message as MIME has it (RFC 2045): where its bytes lie, and what its header says of
 * them, for BODYSTRUCTURE (RFC 9051 7.5.2). All offsets and sizes are in bytes of the whole message
 * as stored.
 *
 * @param headerOffset where its header begins
 * @param headerSize with the empty line that ends it, if there is one; the body follows
 * @param bodySize without the line end that belongs to the next boundary (RFC 2046 5.1.1)
 * @param lines of the body; the last one counts whether it has a line end or not
 * @param encoding Content-Transfer-Encoding, lower-case
 */
public record BodyPart(
    long headerOffset,
    long headerSize,
    long bodySize,
    long lines,
    ContentType type,
    Optional<String> id,
    Optional<String> description,
    Optional<String> encoding,
    Optional<String> md5,
    Optional<ContentDisposition> disposition,
    List<String> languages,
    Optional<String> location,
    Contained contained) {
  /** What a body consists of. */
  public sealed interface Contained {}

  /** Nothing that has a structure of its own. */
  public record Nothing() implements Contained {
    static final Nothing INSTANCE = new Nothing();
  }

  /**
   * The parts of a multipart.
   *
   * @param parts empty when its boundary never appears
   */
  public record Parts(List<BodyPart> parts) implements Contained {
    public Parts {
      parts = List.copyOf(parts);
    }
  }

  /** A message within the message (RFC 2046 5.2.1): its header begins where the body does. */
  public record EmbeddedMessage(MessageEnvelope envelope, BodyPart body) implements Contained {}

  public BodyPart {
    languages = List.copyOf(languages);
  }

  /** The outermost part, whose header is longer by so many bytes, or shorter. */
  BodyPart withLongerHeader(int bytes) {
    return with(headerOffset, headerSize + bytes, moved(contained, bytes));
  }

  private BodyPart movedBy(int bytes) {
    return with(headerOffset + bytes, headerSize, moved(contained, bytes));
  }

  private static Contained moved(Contained contained, int bytes) {
    if (contained instanceof Parts multipart) {
      return new Parts(multipart.parts().stream().map(part -> part.movedBy(bytes)).toList());
    }
    if (contained instanceof EmbeddedMessage message) {
      return new EmbeddedMessage(message.envelope(), message.body().movedBy(bytes));
    }
    return contained;
  }

  private BodyPart with(long newHeaderOffset, long newHeaderSize, Contained newContained) {
    return new BodyPart(
        newHeaderOffset,
        newHeaderSize,
        bodySize,
        lines,
        type,
        id,
        description,
        encoding,
        md5,
        disposition,
        languages,
        location,
        newContained);
  }

  /** Where its body begins. */
  public long bodyOffset() {
    return headerOffset + headerSize;
  }

  /** The parts of a multipart; none if it is not one. */
  public List<BodyPart> parts() {
    return contained instanceof Parts multipart ? multipart.parts() : List.of();
  }

  /** The message it contains; empty if it is no message/rfc822. */
  public Optional<EmbeddedMessage> message() {
    return contained instanceof EmbeddedMessage message ? Optional.of(message) : Optional.empty();
  }
}
