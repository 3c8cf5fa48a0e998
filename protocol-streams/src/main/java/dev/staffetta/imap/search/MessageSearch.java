package dev.staffetta.imap.search;

import dev.staffetta.ports.Contents;
import dev.staffetta.ports.UidSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.Materializer;

/**
 * Finds the messages that a SEARCH asks for (RFC 9051 6.4.4): first by the table, then what is left
 * by the summaries, then what is still left by reading contents. One object a connection.
 */
public final class MessageSearch {
  private final Contents contents;
  private final Materializer materializer;

  /** Reads from these contents. */
  public MessageSearch(Contents contents, Materializer materializer) {
    this.contents = contents;
    this.materializer = materializer;
  }

  /**
   * The UIDs of the messages that match; {@code request.table().sequenceNumbers(uids)} are their
   * sequence numbers. A message whose content is gone does not match what must be read from it.
   */
  public CompletionStage<UidSet> search(SearchRequest request) {
    return CompletableFuture.failedStage(
        new UnsupportedOperationException("lands next: " + contents + materializer + request));
  }

  /** Stops searches under way: their stages fail. For the end of the connection. */
  public void close() {}
}
