package dev.staffetta.wire;

import java.net.InetSocketAddress;

/**
 * What a session knows of its connection from the start.
 *
 * @param id names the session in logs; unique on the node
 * @param tls whether TLS was on from the first byte
 * @param startTls whether TLS can be started later
 */
public record Connection(
    String id, InetSocketAddress local, InetSocketAddress remote, boolean tls, boolean startTls) {
  /** Whether the client is on this machine, so that a password in plain text never leaves it. */
  public boolean isLoopback() {
    return remote.getAddress() != null && remote.getAddress().isLoopbackAddress();
  }
}
