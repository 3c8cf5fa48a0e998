package dev.staffetta.imap.fetch;

import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Makes the untagged FETCH responses (RFC 9051 7.5.2) of a command, as fast as the client takes
 * them: summaries and contents are read only when needed, and a large content is never whole in
 * memory.
 */
public final class FetchRenderer {
  /** Responses that need no content go out in chunks of about this size, in bytes. */
  private static final int CHUNK = 32 * 1024;

  /** How many summaries are asked for at a time; each takes less than a megabyte. */
  private static final int SUMMARIES = 32;

  /** What a message costs in a group that is rendered together, besides what is read for it. */
  private static final long COST = 2 * 1024;

  /**
   * A group is rendered, and read for, at the same time; its cost bounds how much is read ahead.
   */
  private static final long GROUP = 64 * 1024;

  private final Contents contents;

  /** Reads from these contents. */
  public FetchRenderer(Contents contents) {
    this.contents = contents;
  }

  /**
   * The responses, whole lines, in order. Fails only when a large content cannot be read to its end
   * after its first bytes were sent: then nothing but closing the connection is left.
   *
   * @param missing told the sequence number of each message that gets no response, because its
   *     content is gone (expunged by another session long ago, RFC 2180 4.1.2) or cannot be read
   *     now; called before the stream completes, from any thread, never at the same time
   */
  public Source<ByteString, NotUsed> responses(FetchRequest request, IntConsumer missing) {
    if (request.items().stream().allMatch(FetchItem::isFromTable)) {
      return Source.fromIterator(() -> new TableResponses(request));
    }
    TableItems table = new TableItems(request.keywords(), request.recentFrom());
    boolean readsBytes = request.items().stream().anyMatch(FetchRenderer::readsBytes);
    return Source.from(request.sequenceNumbers())
        .grouped(SUMMARIES)
        .mapAsync(1, numbers -> withSummaries(request, numbers, missing))
        .mapConcat(rows -> rows)
        .groupedWeighted(GROUP, row -> cost(row, readsBytes))
        .mapAsync(2, rows -> render(request, rows, table, missing))
        .flatMapConcat(FetchRenderer::source);
  }

  /**
   * One response of items from the table, at once: what an unsolicited FETCH (RFC 9051 7.5.2)
   * tells.
   *
   * @param items of the table only; none of {@link FetchItem.Attribute#ENVELOPE} and the like
   */
  public static ByteString response(
      int sequenceNumber,
      Message message,
      List<FetchItem.Attribute> items,
      List<String> keywords,
      long recentFrom) {
    ResponseWriter out = new ResponseWriter(128);
    writeTableResponse(out, sequenceNumber, message, items, new TableItems(keywords, recentFrom));
    return ByteString.fromArrayUnsafe(out.take());
  }

  private static void writeTableResponse(
      ResponseWriter out,
      int sequenceNumber,
      Message message,
      List<FetchItem.Attribute> items,
      TableItems table) {
    out.ascii("* ").number(sequenceNumber).ascii(" FETCH (");
    for (int i = 0; i < items.size(); i++) {
      table.write(out.ascii(i == 0 ? "" : " "), items.get(i), message);
    }
    out.ascii(")\r\n");
  }

  /** Chunks of responses that need nothing but the table. */
  private static final class TableResponses implements Iterator<ByteString> {
    private final FetchRequest request;
    private final List<FetchItem.Attribute> items;
    private final TableItems table;
    private final ResponseWriter out = new ResponseWriter(CHUNK + 1024);
    private int next;

    TableResponses(FetchRequest request) {
      this.request = request;
      this.items = request.items().stream().map(FetchItem.Attribute.class::cast).toList();
      this.table = new TableItems(request.keywords(), request.recentFrom());
    }

    @Override
    public boolean hasNext() {
      return next < request.sequenceNumbers().size();
    }

    @Override
    public ByteString next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      while (hasNext() && out.size() < CHUNK) {
        int number = request.sequenceNumbers().get(next++);
        writeTableResponse(out, number, request.table().get(number), items, table);
      }
      return ByteString.fromArrayUnsafe(out.take());
    }
  }

  /** A message to be rendered. */
  private record Row(int sequenceNumber, Message message, MessageSummary summary) {}

  private static boolean readsBytes(FetchItem item) {
    return item != FetchItem.Attribute.ENVELOPE
        && item != FetchItem.Attribute.BODY
        && item != FetchItem.Attribute.BODYSTRUCTURE
        && !item.isFromTable();
  }

  private static long cost(Row row, boolean readsBytes) {
    return COST + (readsBytes ? Math.min(row.summary.size(), ResponseLine.SMALL) : 0);
  }

  private CompletionStage<List<Row>> withSummaries(
      FetchRequest request, List<Integer> numbers, IntConsumer missing) {
    List<Message> messages = numbers.stream().map(request.table()::get).toList();
    List<ContentId> ids = messages.stream().map(Message::content).toList();
    return contents
        .summariesOfExisting(request.account(), ids)
        .exceptionally(unknown -> Collections.nCopies(ids.size(), Optional.empty()))
        .thenApply(
            summaries -> {
              List<Row> rows = new ArrayList<>();
              for (int i = 0; i < numbers.size(); i++) {
                int number = numbers.get(i);
                Optional<MessageSummary> summary = summaries.get(i);
                if (summary.isPresent()) {
                  rows.add(new Row(number, messages.get(i), summary.get()));
                } else {
                  missing.accept(number);
                }
              }
              return rows;
            });
  }

  /** Renders a group of rows, reading what is small for all of them at once. */
  private CompletionStage<List<Piece>> render(
      FetchRequest request, List<Row> rows, TableItems table, IntConsumer missing) {
    ContentReader reader = new ContentReader(contents, request.account());
    CompletionStage<List<Piece>> all = CompletableFuture.completedStage(new ArrayList<>());
    for (Row row : rows) {
      CompletionStage<List<Piece>> one =
          new ResponseLine(reader, table, row.message, row.summary)
              .render(row.sequenceNumber, request.items())
              .handle((pieces, failure) -> Optional.ofNullable(pieces))
              .thenApply(pieces -> pieces.orElse(List.of()));
      all =
          all.thenCombine(
              one,
              (before, pieces) -> {
                if (pieces.isEmpty()) {
                  missing.accept(row.sequenceNumber);
                }
                before.addAll(pieces);
                return before;
              });
    }
    reader.readGathered();
    return all;
  }

  /** The bytes of pieces, those that are there already joined into few chunks. */
  private static Source<ByteString, NotUsed> source(List<Piece> pieces) {
    List<Source<ByteString, NotUsed>> sources = new ArrayList<>();
    ByteString rendered = ByteString.emptyByteString();
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Rendered bytes) {
        rendered = rendered.concat(bytes.bytes());
      } else {
        sources.add(Source.single(rendered));
        sources.add(piece.source());
        rendered = ByteString.emptyByteString();
      }
    }
    if (!rendered.isEmpty()) {
      sources.add(Source.single(rendered.compact()));
    }
    return sources.size() == 1 ? sources.get(0) : Source.from(sources).flatMapConcat(s -> s);
  }
}
