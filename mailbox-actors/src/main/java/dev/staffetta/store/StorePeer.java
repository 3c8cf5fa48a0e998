package dev.staffetta.store;

/**
 * A node that has replicas.
 *
 * @param node its name
 * @param host where its Raft server is reached
 * @param port 0: it need not be reached, there is no other
 */
public record StorePeer(String node, String host, int port) {
  /** As Ratis takes it. */
  String address() {
    return host + ":" + port;
  }
}
