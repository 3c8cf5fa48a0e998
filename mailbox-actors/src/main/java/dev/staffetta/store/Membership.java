package dev.staffetta.store;

import dev.staffetta.ports.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens, makes and removes the groups of this node, and changes who is a peer in them.
 *
 * <p>Who has replicas is what the group's own configuration says, which is in its log. A newcomer's
 * group begins empty and without peers: it elects nobody and votes for nobody until the leader,
 * told to take it in, has sent it all there is.
 */
final class Membership {
  /** While a lead is handed over, which takes some 100 ms, the leader refuses writes. */
  private static final Logger log = LoggerFactory.getLogger(Membership.class);

  private static final long TRANSFER_MILLIS = 1_500;

  /** In Ratis' word on a failed transfer: that it is still pending, and always will be. */
  private static final List<String> NEVER_ENDED =
      List.of("COMPLETED_EXCEPTIONALLY", "NULL_LOG_APPENDER", "NULL_FOLLOWER");

  private final RaftServer server;
  private final StorePeer self;
  private final Duration timeout;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong lastCall = new AtomicLong();

  Membership(RaftServer server, StorePeer self, Duration timeout) {
    this.server = server;
    this.self = self;
    this.timeout = timeout;
  }

  /** Opens a group that is on the disk. */
  CompletableFuture<Void> open(Partition partition) {
    return add(partition, List.of(), false);
  }

  /** Makes a group that is not on the disk, with this node as its only peer. */
  CompletableFuture<Void> found(Partition partition) {
    return make(partition, List.of(self.toRaft()));
  }

  private CompletableFuture<Void> make(Partition partition, List<RaftPeer> peers) {
    return add(partition, peers, true);
  }

  private CompletableFuture<Void> add(Partition partition, List<RaftPeer> peers, boolean fresh) {
    return server
        .groupManagementAsync(
            GroupManagementRequest.newAdd(
                client,
                server.getId(),
                lastCall.incrementAndGet(),
                RaftGroup.valueOf(partition.group(), peers),
                fresh))
        .thenAccept(
            reply -> {
              requireSuccess(reply);
              partition.ails(Optional.empty());
              partition.replica().ifPresent(Replica::opened);
            });
  }

  /**
   * Makes an empty replica that waits to be taken in. Blocks; of the thread that changes groups.
   */
  void addReplica(Partition partition) {
    if (partition.ailment().isPresent()) {
      throw new StoreException(
          partition.ailment().get() + "; it must be removed before it can be added again");
    }
    if (partition.replica().isEmpty()) {
      try {
        make(partition, List.of()).join();
      } catch (RuntimeException e) {
        partition.discard("its replica here could not be made");
        throw e;
      }
    }
  }

  /** Removes a replica and its files. Blocks; of the thread that changes groups. */
  void removeReplica(Partition partition, boolean isOut) throws IOException {
    GroupDirectory directory = partition.directory();
    if (!isOut && isPeer(partition)) {
      throw new StoreException(
          server.getId() + " is among the peers of " + partition + ", set others first");
    }
    directory.beginRemoval();
    partition.detach("its replica here is being removed");
    shut(partition, true);
    directory.remove();
    partition.ails(Optional.empty());
    partition.isDamaged(false);
  }

  /** Opens a replica that has died anew. Blocks; of the thread that changes groups. */
  void reopen(Partition partition) {
    partition.detach("its replica here is being opened again");
    shut(partition, false);
    try {
      if (!runs(partition)) {
        partition.directory().unlock();
      }
      open(partition).join();
      partition.isDamaged(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (CompletionException e) {
      partition.discard("it cannot be opened");
      partition.ails(Optional.of(partition + " cannot be opened again: " + inner(e).getMessage()));
      partition.isDamaged(DamagedReplicaException.isMeantBy(e));
      throw e;
    }
  }

  /** Closes a group and leaves its files. Blocks; of the thread that changes groups. */
  void close(Partition partition) {
    partition.detach("its replica here is being renewed");
    shut(partition, false);
  }

  private void shut(Partition partition, boolean delete) {
    if (runs(partition)) {
      requireSuccess(
          server
              .groupManagementAsync(
                  GroupManagementRequest.newRemove(
                      client,
                      server.getId(),
                      lastCall.incrementAndGet(),
                      partition.group(),
                      delete,
                      false))
              .join());
    }
  }

  private boolean runs(Partition partition) {
    for (RaftGroupId group : server.getGroupIds()) {
      if (group.equals(partition.group())) {
        return true;
      }
    }
    return false;
  }

  private boolean isPeer(Partition partition) {
    return partition
        .replica()
        .map(r -> r.allPeers().stream().anyMatch(p -> p.getId().equals(server.getId())))
        .orElseGet(() -> partition.directory().peers().contains(server.getId().toString()));
  }

  /** Makes these the peers of a partition that this node leads. */
  CompletableFuture<Void> setPeers(Partition partition, List<StorePeer> peers) {
    if (!partition.leads()) {
      throw unavailable(partition, "another node leads it");
    }
    List<RaftPeer> now = partition.replica().map(Replica::peers).orElse(List.of());
    List<RaftPeer> wanted =
        peers.stream()
            .map(peer -> peer.node().equals(self.node()) ? self : peer)
            .map(StorePeer::toRaft)
            .toList();
    requireGood(partition, now, wanted);
    List<RaftPeer> noticed = hasMoved(now, wanted) ? otherwise(now, wanted) : wanted;
    return answered(
        partition,
        () ->
            server.setConfigurationAsync(
                new SetConfigurationRequest(
                    client,
                    server.getId(),
                    partition.group(),
                    lastCall.incrementAndGet(),
                    SetConfigurationRequest.Arguments.newBuilder()
                        .setServersInNewConf(noticed)
                        .build())));
  }

  private void requireGood(Partition partition, List<RaftPeer> now, List<RaftPeer> wanted) {
    Set<RaftPeerId> before = ids(now);
    Set<RaftPeerId> after = ids(wanted);
    if (after.size() != wanted.size()) {
      throw new StoreException("a node is named twice among the peers of " + partition);
    }
    if (!after.contains(server.getId())) {
      throw new StoreException(
          server.getId() + " leads " + partition + ": transfer its leadership before it goes");
    }
    if (wanted.size() > 1 && wanted.stream().map(StorePeer::of).anyMatch(p -> p.port() == 0)) {
      throw new StoreException("the Raft port of a node that has peers must be fixed, not 0");
    }
    long newcomers = after.stream().filter(id -> !before.contains(id)).count();
    long remaining = after.size() - newcomers;
    boolean firstSecond = before.size() == 1 && after.size() == 2 && newcomers == 1;
    if (newcomers >= remaining && !firstSecond) {
      throw new StoreException(
          "from "
              + before
              + " to "
              + after
              + " changes a majority of the peers of "
              + partition
              + " at once: go in smaller steps");
    }
  }

  /** Whether they are the same nodes, and one is not where it was. */
  private static boolean hasMoved(List<RaftPeer> now, List<RaftPeer> wanted) {
    return ids(now).equals(ids(wanted))
        && !now.stream()
            .map(StorePeer::of)
            .collect(Collectors.toSet())
            .equals(wanted.stream().map(StorePeer::of).collect(Collectors.toSet()));
  }

  /**
   * Ratis sees no difference in an address, but in a priority. All peers always have the same one,
   * so which it is says nothing.
   */
  private static List<RaftPeer> otherwise(List<RaftPeer> now, List<RaftPeer> wanted) {
    int priority = 1 - now.get(0).getPriority();
    return wanted.stream()
        .map(peer -> RaftPeer.newBuilder(peer).setPriority(priority).build())
        .toList();
  }

  private static Set<RaftPeerId> ids(List<RaftPeer> peers) {
    return peers.stream().map(RaftPeer::getId).collect(Collectors.toSet());
  }

  /** Where a lone replica is, if it is not where its configuration says. */
  Optional<CompletableFuture<Void>> moveIn(Partition partition) {
    return partition
        .replica()
        .filter(Replica::isAlone)
        .filter(replica -> hasMoved(replica.peers(), List.of(self.toRaft())))
        .map(replica -> setPeers(partition, List.of(self)));
  }

  /** Has another peer lead a partition that this node leads. */
  CompletableFuture<Void> transferLeadership(Partition partition, String node) {
    RaftPeerId target = RaftPeerId.valueOf(node);
    if (target.equals(server.getId())) {
      return partition.leads()
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(
              unavailable(partition, "only its leader can hand it over"));
    }
    if (!ids(partition.replica().map(Replica::peers).orElse(List.of())).contains(target)) {
      throw new StoreException(node + " has no replica of " + partition);
    }
    return answered(partition, () -> handOver(partition, Optional.of(target)))
        .whenComplete((done, failure) -> endIfStuck(partition, Optional.ofNullable(failure)));
  }

  /** To that node, or, empty, to whoever is elected. */
  private CompletableFuture<RaftClientReply> handOver(
      Partition partition, Optional<RaftPeerId> target) throws IOException {
    return server.transferLeadershipAsync(
        new TransferLeadershipRequest(
            client,
            server.getId(),
            partition.group(),
            lastCall.incrementAndGet(),
            target.orElse(null),
            TRANSFER_MILLIS));
  }

  /**
   * Ratis does not end a transfer that fails at its very beginning, because the node it should go
   * to has just died: from then on the leader refuses all writes as one that steps down, and leads
   * on (seen for minutes; 3.2.0, {@code TransferLeadership.start}). The next election ends it.
   */
  private void endIfStuck(Partition partition, Optional<Throwable> failure) {
    String why = failure.map(f -> String.valueOf(inner(f).getMessage())).orElse("");
    if (NEVER_ENDED.stream().anyMatch(why::contains)) {
      log.warn("{} could not be handed over; its leader steps down: {}", partition, firstLine(why));
      var unused = answered(partition, () -> handOver(partition, Optional.empty()));
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private interface Asked {
    CompletableFuture<RaftClientReply> reply() throws IOException;
  }

  private CompletableFuture<Void> answered(Partition partition, Asked asked) {
    CompletableFuture<RaftClientReply> reply;
    try {
      reply = asked.reply();
    } catch (IOException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    return reply
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (answer, failure) -> {
              Throwable why = failure != null ? inner(failure) : answer.getException();
              if (why != null) {
                throw refusal(partition, why);
              }
              return null;
            });
  }

  private RuntimeException refusal(Partition partition, Throwable why) {
    if (why instanceof NotLeaderException) {
      return unavailable(partition, "another node leads it");
    }
    if (why instanceof ReconfigurationInProgressException) {
      return unavailable(partition, "its peers are being changed");
    }
    if (why instanceof SetConfigurationException) {
      return new StoreException(String.valueOf(why.getMessage()), why);
    }
    return unavailable(
        partition,
        why instanceof TimeoutException
            ? "not done within " + timeout.toSeconds() + " s, it may still be going on"
            : String.valueOf(why.getMessage()));
  }

  private static Throwable inner(Throwable failure) {
    Throwable inner = failure;
    while (inner instanceof CompletionException && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  private static Refusal unavailable(Partition partition, String because) {
    return new Refusal(Refusal.Code.UNAVAILABLE, partition + " is not available: " + because);
  }

  private static void requireSuccess(RaftClientReply reply) {
    if (!reply.isSuccess()) {
      throw new StoreException(String.valueOf(reply.getException().getMessage()));
    }
  }
}
