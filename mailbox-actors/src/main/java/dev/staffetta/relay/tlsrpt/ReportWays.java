package dev.staffetta.relay.tlsrpt;

import dev.staffetta.smtp.client.Hop;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/** What a report needs of the world outside. */
public interface ReportWays {
  /** The TXT records of a name; none: it has none. Fails where nobody can say now. */
  CompletionStage<List<String>> texts(String name);

  /**
   * The hops to a domain for a message that is to arrive whatever TLS is worth there; at least one.
   * Fails where there is no way now.
   */
  CompletionStage<List<Hop>> hops(String domain);

  /**
   * Posts a report in {@code application/tlsrpt+gzip}; the status code of the answer. Fails where
   * there is none.
   */
  CompletionStage<Integer> post(URI address, ByteString report);
}
