package dev.staffetta.store;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Throws a replica away that is damaged, or was wiped, and fetches it anew.
 *
 * <p>What such a replica voted and confirmed may be lost with it, so an empty one may not go on in
 * its name: it could confirm to two leaders, or elect one that lacks what it had confirmed. It
 * first leaves the group, which takes a leader and a majority without it, and then comes as a
 * newcomer that counts only when it has caught up. In a group of two that needs both; there a
 * replica whose log is well keeps it, and its vote, and fetches only the rest.
 *
 * <p>Looks every few seconds, on a thread of its own, and each look goes on from what it finds:
 * whatever it dies in, the next does the rest.
 */
final class ReplicaRenewal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReplicaRenewal.class);

  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** Looks without a leader after which it is taken to be so for long. */
  private static final int LOOKS_WITHOUT_LEADER = 3;

  private final StorePeer self;
  private final List<Partition> partitions;
  private final Membership membership;
  private final LeaderRoutes routes;
  private final RaftClients clients;
  private final ExecutorService changing;
  private final ScheduledExecutorService thread;

  /** How many peers there are to be again in a group that this node has left. */
  private final Map<Partition, Integer> rejoining = new HashMap<>();

  /** Partitions that this node has no replica of, and shall not. */
  private final Set<Partition> elsewhere = new HashSet<>();

  /** Those of which LevelDB alone was fetched anew: if that did not help, it would not again. */
  private final Set<Partition> refilled = new HashSet<>();

  private final Map<Partition, Integer> looksWithoutLeader = new HashMap<>();
  private final Map<Partition, Set<String>> told = new HashMap<>();

  /** What a leader says of its group. */
  private record Led(RaftPeer leader, List<RaftPeer> peers) {
    boolean has(String node) {
      return peers.stream().anyMatch(peer -> peer.getId().toString().equals(node));
    }

    List<RaftPeer> without(String node) {
      return peers.stream().filter(peer -> !peer.getId().toString().equals(node)).toList();
    }
  }

  ReplicaRenewal(
      StorePeer self,
      List<Partition> partitions,
      Membership membership,
      LeaderRoutes routes,
      RaftClients clients,
      ExecutorService changing,
      ScheduledExecutorService thread) {
    this.self = self;
    this.partitions = partitions;
    this.membership = membership;
    this.routes = routes;
    this.clients = clients;
    this.changing = changing;
    this.thread = thread;
  }

  void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void look() {
    for (Partition partition : partitions) {
      try {
        if (partition.isDamaged()) {
          renew(partition, partition.ailment().orElse("its replica here is damaged"));
        } else if (rejoining.containsKey(partition)) {
          rejoin(partition);
        } else if (isMissing(partition) && !elsewhere.contains(partition)) {
          renewIfExpected(partition);
        }
      } catch (IOException | RuntimeException e) {
        if (thread.isShutdown()) {
          return;
        }
        tell(partition, "its replica here is not renewed yet: " + e);
      }
    }
  }

  /** One that is only closed, or cannot be opened for now, has its files. */
  private static boolean isMissing(Partition partition) {
    return partition.replica().isEmpty() && !partition.directory().exists();
  }

  /** The disk was emptied, and the others count this node among the peers. */
  private void renewIfExpected(Partition partition) throws IOException {
    Optional<Led> led = leader(partition);
    if (led.isPresent()) {
      if (led.get().has(self.node())) {
        renew(partition, "its replica here is gone");
      } else {
        elsewhere.add(partition);
      }
    }
  }

  private void renew(Partition partition, String because) throws IOException {
    Map<RaftPeerId, RaftPeer> others = others(partition);
    if (others.isEmpty()) {
      tell(partition, because + ", and no other node is known that has it");
      return;
    }
    tell(
        partition,
        because
            + ": the copy here is thrown away and fetched anew from "
            + String.join(", ", others.keySet().stream().map(RaftPeerId::toString).toList()));
    Optional<Led> led = leader(partition);
    if (partition.leads()) {
      // The others elect one of theirs.
      inTurn(() -> membership.close(partition));
    } else if (led.isEmpty()) {
      refill(partition, others);
    } else {
      looksWithoutLeader.remove(partition);
      int peers = led.get().peers().size();
      if (led.get().has(self.node())) {
        setPeers(partition, led.get(), led.get().without(self.node()));
        rejoining.put(partition, peers);
      }
      inTurn(() -> membership.removeReplica(partition, true));
      if (rejoining.containsKey(partition)) {
        rejoin(partition);
      }
    }
  }

  /**
   * Nobody leads, as when the other of two cannot without this one. If the log here is well, only
   * LevelDB is thrown away: the vote and what was confirmed are still there.
   */
  private void refill(Partition partition, Map<RaftPeerId, RaftPeer> others) throws IOException {
    int looks = looksWithoutLeader.merge(partition, 1, Integer::sum);
    if (partition.replica().isPresent()) {
      inTurn(() -> membership.close(partition));
      return;
    }
    if (looks < LOOKS_WITHOUT_LEADER || !partition.directory().exists()) {
      tell(partition, "its replica here waits to be renewed: nobody leads it");
      return;
    }
    for (RaftPeer other : others.values()) {
      if (info(partition, other).isPresent() && refilled.add(partition)) {
        partition.refill(other);
        inTurn(() -> membership.reopen(partition));
        looksWithoutLeader.remove(partition);
        told.remove(partition);
        log.info("{}: the replica here is renewed from {}", partition, other);
        return;
      }
    }
    tell(partition, "its replica here waits to be renewed: nobody leads it");
  }

  private void rejoin(Partition partition) throws IOException {
    Optional<Led> led = leader(partition);
    if (led.isEmpty()) {
      return;
    }
    List<RaftPeer> peers = new ArrayList<>(led.get().peers());
    if (!led.get().has(self.node()) && peers.size() < rejoining.get(partition)) {
      inTurn(
          () -> {
            if (partition.replica().isEmpty()) {
              // What an addition that failed may have left.
              membership.removeReplica(partition, true);
            }
            membership.addReplica(partition);
          });
      peers.add(self.toRaft());
      try {
        setPeers(partition, led.get(), peers);
      } catch (IOException e) {
        // It takes as long as there is much to fetch: the next look sees whether it is done.
        log.debug("{}: the replica here is not taken in yet", partition, e);
        return;
      }
    }
    rejoining.remove(partition);
    told.remove(partition);
    log.info("{}: the replica here is renewed", partition);
  }

  private void setPeers(Partition partition, Led led, List<RaftPeer> peers) throws IOException {
    clients.setPeers(partition.group(), led.leader(), led.peers(), peers);
  }

  private Optional<Led> leader(Partition partition) {
    Map<RaftPeerId, RaftPeer> others = others(partition);
    for (RaftPeer other : others.values()) {
      Optional<GroupInfoReply> info = info(partition, other);
      if (info.filter(i -> i.getRoleInfoProto().getRole() == RaftProtos.RaftPeerRole.LEADER)
          .isPresent()) {
        return Optional.of(new Led(other, peers(info.get())));
      }
    }
    return Optional.empty();
  }

  /** Empty: it does not answer, or has no replica. */
  private Optional<GroupInfoReply> info(Partition partition, RaftPeer peer) {
    try {
      return Optional.of(clients.info(partition.group(), peer));
    } catch (IOException e) {
      log.debug("{}: {} says nothing of it", partition, peer, e);
      return Optional.empty();
    }
  }

  /** While peers change, those before and those after. */
  private static List<RaftPeer> peers(GroupInfoReply info) {
    return List.copyOf(info.getGroup().getPeers());
  }

  /** All other nodes that may have replicas: those in its configuration, and those known. */
  private Map<RaftPeerId, RaftPeer> others(Partition partition) {
    Map<RaftPeerId, RaftPeer> others = new LinkedHashMap<>();
    routes.nodes().forEach(peer -> others.put(peer.getId(), peer));
    partition.directory().raftPeers().forEach(peer -> others.put(peer.getId(), peer));
    partition
        .replica()
        .ifPresent(replica -> replica.allPeers().forEach(p -> others.put(p.getId(), p)));
    others.remove(RaftPeerId.valueOf(self.node()));
    return others;
  }

  private interface Change {
    void run() throws IOException;
  }

  /** Runs on the thread that changes groups, and waits. */
  private void inTurn(Change change) throws IOException {
    try {
      CompletableFuture.runAsync(
              () -> {
                try {
                  change.run();
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              },
              changing)
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }
  }

  /** Once, until the replica is renewed. */
  private void tell(Partition partition, String what) {
    if (told.computeIfAbsent(partition, p -> new HashSet<>()).add(what)) {
      log.error("{}: {}", partition, what);
    }
  }
}
