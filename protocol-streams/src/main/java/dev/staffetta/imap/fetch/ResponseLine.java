package dev.staffetta.imap.fetch;

import dev.staffetta.imap.fetch.FetchItem.Attribute;
import dev.staffetta.imap.fetch.FetchItem.BodySection;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/**
 * Renders the response for one message: what is small is read at once, what is large is left to be
 * streamed. Used by one thread at a time, once.
 */
final class ResponseLine {
  /** A stretch up to this size is read ahead, as long as the whole line stays below the next. */
  static final int SMALL = 16 * 1024;

  private static final int SMALL_IN_ALL = 64 * 1024;

  private final ContentReader reader;
  private final TableItems table;
  private final Message message;
  private final MessageSummary summary;

  private final List<Piece> pieces = new ArrayList<>();
  private final ResponseWriter out = new ResponseWriter(512);
  private int readAhead;

  ResponseLine(ContentReader reader, TableItems table, Message message, MessageSummary summary) {
    this.reader = reader;
    this.table = table;
    this.message = message;
    this.summary = summary;
  }

  /** The pieces of {@code * n FETCH (...)} with these items. */
  CompletionStage<List<Piece>> render(int sequenceNumber, List<FetchItem> items) {
    out.ascii("* ").number(sequenceNumber).ascii(" FETCH (");
    return renderFrom(items, 0)
        .thenApply(
            done -> {
              out.ascii(")\r\n");
              endPiece();
              return pieces;
            });
  }

  private CompletionStage<Void> renderFrom(List<FetchItem> items, int first) {
    for (int i = first; i < items.size(); i++) {
      out.ascii(i == 0 ? "" : " ");
      Optional<CompletionStage<Void>> reading =
          items.get(i) instanceof BodySection body
              ? section(body.toString(), body)
              : attribute((Attribute) items.get(i));
      if (reading.isPresent()) {
        int next = i + 1;
        return reading.get().thenCompose(done -> renderFrom(items, next));
      }
    }
    return CompletableFuture.completedStage(null);
  }

  /** Writes an item; if something must be read for it first, the stage that ends when it is. */
  private Optional<CompletionStage<Void>> attribute(Attribute item) {
    switch (item) {
      case FLAGS, UID, INTERNALDATE, RFC822_SIZE, MODSEQ -> table.write(out, item, message);
      case ENVELOPE -> EnvelopeWriter.write(out.ascii("ENVELOPE "), summary.envelope());
      case BODY -> new BodyStructureWriter(out.ascii("BODY "), false).write(summary.body());
      case BODYSTRUCTURE ->
          new BodyStructureWriter(out.ascii("BODYSTRUCTURE "), true).write(summary.body());
      case RFC822 -> {
        return section(item.toString(), whole(Section.Text.ALL));
      }
      case RFC822_HEADER -> {
        return section(item.toString(), whole(Section.Text.HEADER));
      }
      case RFC822_TEXT -> {
        return section(item.toString(), whole(Section.Text.TEXT));
      }
    }
    return Optional.empty();
  }

  private static BodySection whole(Section.Text text) {
    return new BodySection(Section.of(List.of(), text), Optional.empty(), true);
  }

  private Optional<CompletionStage<Void>> section(String name, BodySection item) {
    out.ascii(name).ascii(" ");
    Optional<Stretch> found = Stretch.of(item.section(), summary);
    if (found.isEmpty()) {
      out.ascii("NIL");
      return Optional.empty();
    }
    return item.section().text().hasFields()
        ? fields(item, found.get())
        : bytes(found.get().cut(item.partial()));
  }

  private Optional<CompletionStage<Void>> fields(BodySection item, Stretch header) {
    ContentId content = message.content();
    if (isSmall(header)) {
      return Optional.of(
          reader
              .whole(content, header)
              .thenAccept(
                  bytes -> {
                    HeaderFilter filter = new HeaderFilter(item.section());
                    ByteString fields = filter.offer(bytes).concat(filter.finish());
                    Stretch part = new Stretch(0, fields.size()).cut(item.partial());
                    out.literalHeader(part.length());
                    int end = (int) (part.offset() + part.length());
                    out.bytes(fields.slice((int) part.offset(), end).toArrayUnsafe());
                  }));
    }
    endPiece();
    pieces.add(
        new Piece.Streamed(
            reader.filteredLiteral(content, header, item.section(), item.partial())));
    return Optional.empty();
  }

  private Optional<CompletionStage<Void>> bytes(Stretch stretch) {
    out.literalHeader(stretch.length());
    if (stretch.length() == 0) {
      return Optional.empty();
    }
    if (isSmall(stretch)) {
      return Optional.of(
          reader
              .whole(message.content(), stretch)
              .thenAccept(bytes -> out.bytes(bytes.toArrayUnsafe())));
    }
    endPiece();
    pieces.add(new Piece.Streamed(reader.stream(message.content(), stretch)));
    return Optional.empty();
  }

  /** Whether a stretch is read ahead; it is counted then. */
  private boolean isSmall(Stretch stretch) {
    if (stretch.length() > SMALL || readAhead + stretch.length() > SMALL_IN_ALL) {
      return false;
    }
    readAhead += (int) stretch.length();
    return true;
  }

  private void endPiece() {
    if (out.size() > 0) {
      pieces.add(new Piece.Rendered(ByteString.fromArrayUnsafe(out.take())));
    }
  }
}
