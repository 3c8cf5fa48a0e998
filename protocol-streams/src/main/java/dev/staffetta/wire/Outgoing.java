package dev.staffetta.wire;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** What a session hands to its connection, taken strictly in order. */
public sealed interface Outgoing {
  /** Bytes for the client. */
  record Bytes(ByteString bytes) implements Outgoing {}

  /**
   * Bytes for the client that are made as fast as it takes them. If it fails the connection is
   * closed.
   */
  record Streamed(Source<ByteString, NotUsed> bytes) implements Outgoing {}

  /** For the framer: how the next input is to be cut. */
  record SetMode(Framer.Mode mode) implements Outgoing {}

  /** From here on TLS: what was received in plain text and not yet taken is dropped. */
  record StartTls() implements Outgoing {}

  /** No more: closes the connection once all before it is sent. */
  record Close() implements Outgoing {}
}
