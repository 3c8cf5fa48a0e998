package dev.staffetta.listen;

import dev.staffetta.wire.Connection;
import dev.staffetta.wire.Protocol;
import org.apache.pekko.util.ByteString;

/** What a service speaks. */
public interface ProtocolFactory {
  /** A protocol for one connection. Called on a stream's thread: must not block. */
  Protocol<?, ?, ?, ?, ?> open(Connection connection);

  /**
   * What a client is told that comes when too many are there already, with its line end: {@code
   * 421} (RFC 5321 3.8), {@code * BYE} (RFC 9051 7.1.5), {@code -ERR [SYS/TEMP]} (RFC 3206 3).
   */
  ByteString tooManyConnections();
}
