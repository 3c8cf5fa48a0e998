package dev.staffetta.store;

import org.apache.ratis.protocol.RaftPeer;

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
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  RaftPeer toRaft() {
    return RaftPeer.newBuilder().setId(node).setAddress(address()).build();
  }

  static StorePeer of(RaftPeer peer) {
    String address = peer.getAddress();
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon);
    return new StorePeer(
        peer.getId().toString(),
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(address.substring(colon + 1)));
  }
}
