package dev.staffetta.store;

import dev.staffetta.store.link.LinkServer;
import dev.staffetta.store.link.PeerLinks;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;

/** The ways from this node to all others and to itself, for the requests of all partitions. */
final class LeaderRoutes implements AutoCloseable {
  private final RaftServer server;
  private final PeerLinks links;
  private final Duration timeout;
  private final ScheduledExecutorService timer;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong lastCall = new AtomicLong();
  private final Supplier<List<RaftPeer>> neighbours;
  private volatile List<RaftPeer> nodes = List.of();

  /**
   * @param neighbours those that this node has replicas with
   */
  LeaderRoutes(
      RaftServer server,
      PeerLinks links,
      Duration timeout,
      ScheduledExecutorService timer,
      Supplier<List<RaftPeer>> neighbours) {
    this.server = server;
    this.links = links;
    this.timeout = timeout;
    this.timer = timer;
    this.neighbours = neighbours;
  }

  ClientId client() {
    return client;
  }

  long nextCall() {
    return lastCall.incrementAndGet();
  }

  /** For a whole request, with all its tries. */
  Duration timeout() {
    return timeout;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  /** The nodes to ask for a partition of which nothing is known here. */
  List<RaftPeer> nodes() {
    return Stream.concat(nodes.stream(), neighbours.get().stream()).distinct().toList();
  }

  /** Also tells the Raft server, for which it counts more than what a group remembers. */
  void know(List<StorePeer> all) {
    nodes = all.stream().filter(peer -> peer.port() > 0).map(StorePeer::toRaft).toList();
    ((LinkServer) server.getServerRpc()).know(nodes);
  }

  /** To this node's own server there is no socket between. */
  CompletableFuture<RaftClientReply> send(RaftPeer peer, RaftClientRequest request, Duration most)
      throws IOException {
    return peer.getId().equals(server.getId())
        ? server.submitClientRequestAsync(request)
        : links.send(peer.getAddress(), request, most);
  }

  @Override
  public void close() {
    links.close();
  }
}
