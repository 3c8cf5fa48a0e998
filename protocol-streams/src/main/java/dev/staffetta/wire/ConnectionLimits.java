package dev.staffetta.wire;

import java.time.Duration;

/**
 * How long a connection waits for its client where no protocol has a say.
 *
 * @param handshake for a TLS handshake, from its start to its end
 * @param write for the client to take what was sent last; a client that does not read is
 *     disconnected
 * @param linger for the client to close its side after this side closed, while what it still sends
 *     is thrown away: closing at once would reset the connection, and the client might never see
 *     the last reply (RFC 1122 4.2.2.13)
 */
public record ConnectionLimits(Duration handshake, Duration write, Duration linger) {
  /** What {@code reference.conf} says. */
  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofSeconds(2));
}
