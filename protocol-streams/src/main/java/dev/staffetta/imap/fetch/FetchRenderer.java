package dev.staffetta.imap.fetch;

import dev.staffetta.ports.Contents;
import dev.staffetta.ports.Message;
import java.util.List;
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
  private final Contents contents;

  /** Reads from these contents. */
  public FetchRenderer(Contents contents) {
    this.contents = contents;
  }

  /**
   * The responses, whole lines, in order. Fails only when a content cannot be read to its end.
   *
   * @param missing told the sequence number of each message that gets no response because its
   *     content is gone (expunged by another session long ago, RFC 2180 4.1.2); called before the
   *     stream completes
   */
  public Source<ByteString, NotUsed> responses(FetchRequest request, IntConsumer missing) {
    return Source.failed(
        new UnsupportedOperationException("lands next: " + contents + request + missing));
  }

  /**
   * One response of items from the table, at once: what an unsolicited FETCH tells (RFC 9051
   * 7.5.2).
   *
   * @param items of the table only; none of {@link FetchItem.Attribute#ENVELOPE} and the like
   */
  public static ByteString response(
      int sequenceNumber,
      Message message,
      List<FetchItem.Attribute> items,
      List<String> keywords,
      long recentFrom) {
    ResponseWriter out = new ResponseWriter(128).ascii("* ").number(sequenceNumber);
    out.ascii(" FETCH (");
    TableItems table = new TableItems(keywords, recentFrom);
    for (int i = 0; i < items.size(); i++) {
      table.write(out.ascii(i == 0 ? "" : " "), items.get(i), message);
    }
    return ByteString.fromArrayUnsafe(out.ascii(")\r\n").take());
  }
}
