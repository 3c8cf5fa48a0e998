package dev.staffetta.store;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's replica on this node, from when its group is opened to when it is closed or
 * removed: its state machine, whether it leads, and when its log is cut.
 */
final class Replica implements PartitionStateMachine.Listener {
  /** Whom it passes on to what Raft tells it; called on Ratis' threads. */
  interface Owner {
    void leads(Replica replica, long term);

    void follows(Replica replica, Optional<String> leader);

    void damaged(Replica replica, String how);

    void logFailed(Throwable cause);

    boolean hasRoom();

    void applied(int bytes);
  }

  private static final Logger log = LoggerFactory.getLogger(Replica.class);
  private static final long CUT_TIMEOUT_MILLIS = 60_000;

  /** How many times as long the log may grow while another node fetches the replica. */
  private static final int LONGER_WHEN_FETCHED = 16;

  private final RaftServer server;
  private final RaftGroupId group;
  private final String name;
  private final long cutAfterBytes;
  private final Owner owner;
  private final GroupDirectory directory;
  private final PartitionStateMachine stateMachine;
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final AtomicLong bytesSinceCut = new AtomicLong();
  private final AtomicBoolean cutting = new AtomicBoolean();
  private final ClientId client = ClientId.randomId();
  private final AtomicLong lastCall = new AtomicLong();

  private volatile boolean isOpen;
  private volatile boolean leads;
  private volatile long diskBytes;

  Replica(
      RaftServer server,
      RaftGroupId group,
      GroupDirectory directory,
      PartitionStateMachine.Setup setup,
      long cutAfterBytes,
      Owner owner) {
    this.server = server;
    this.group = group;
    this.name = directory.partition();
    this.cutAfterBytes = cutAfterBytes;
    this.owner = owner;
    this.directory = directory;
    this.stateMachine = new PartitionStateMachine(setup, this);
  }

  PartitionStateMachine stateMachine() {
    return stateMachine;
  }

  boolean leads() {
    return leads;
  }

  /** Completes when it is known who leads. */
  CompletionStage<Void> settled() {
    return settled;
  }

  Optional<RaftServer.Division> division() {
    try {
      return Optional.of(server.getDivision(group));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Those that have replicas, as the latest configuration in the log here says. */
  List<RaftPeer> peers() {
    return division()
        .map(division -> division.getRaftConf().getCurrentPeers())
        .map(List::copyOf)
        .orElse(List.of());
  }

  /** Those too that had replicas before a change which is not through yet. */
  Collection<RaftPeer> allPeers() {
    return division().map(division -> division.getRaftConf().getAllPeers()).orElse(List.of());
  }

  /** How far the others are; empty if this one does not lead. */
  List<PartitionStatus.Follower> followers() {
    Optional<RaftServer.Division> division = division();
    if (division.isEmpty() || !leads) {
      return List.of();
    }
    DivisionInfo info = division.get().getInfo();
    List<RaftProtos.ServerRpcProto> nodes =
        info.getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
    long[] matches = info.getFollowerMatchIndices();
    // Asked one after the other: while peers come or go they may not fit, and it is asked again.
    if (matches == null || matches.length != nodes.size()) {
      return List.of();
    }
    long last = lastIndex();
    return IntStream.range(0, matches.length)
        .mapToObj(
            i ->
                new PartitionStatus.Follower(
                    nodes.get(i).getId().getId().toStringUtf8(),
                    matches[i],
                    Math.max(0, last - matches[i])))
        .toList();
  }

  /** Of the last entry in the log here. */
  private long lastIndex() {
    return ofLog(log -> log.getNextIndex() - 1);
  }

  /** Of the last entry that a majority has, as far as it is known here. */
  long committedIndex() {
    return ofLog(RaftLog::getLastCommittedIndex);
  }

  private long ofLog(ToLongFunction<RaftLog> index) {
    try {
      return division().map(RaftServer.Division::getRaftLog).map(index::applyAsLong).orElse(0L);
    } catch (IllegalStateException e) {
      // The group has just been made or is just being closed, and so is its log.
      return 0;
    }
  }

  /** Whether no other node has a replica, nor is about to get or lose one. */
  boolean isAlone() {
    Collection<RaftPeer> all = allPeers();
    return all.size() == 1 && all.iterator().next().getId().equals(server.getId());
  }

  /** Its group runs; before that nothing is amiss when it cannot be found. */
  void opened() {
    isOpen = true;
  }

  /** What is wrong with it; empty: it lives, or is being opened. */
  Optional<String> ailment() {
    if (!isOpen) {
      return Optional.empty();
    }
    Optional<LifeCycle.State> state = lifeCycle();
    if (state.isEmpty()) {
      return Optional.of(name + " is not there");
    }
    if (state.get().isClosingOrClosed()) {
      return Optional.of(name + " has died (" + state.get() + ")");
    }
    return stateMachine.isStuck()
        ? Optional.of(name + " was received and does not get its place")
        : Optional.empty();
  }

  /** Whether it has died wholly, or only waits: then it can be opened again. */
  boolean isClosed() {
    return stateMachine.isStuck()
        || lifeCycle().filter(state -> state == LifeCycle.State.CLOSED).isPresent();
  }

  private Optional<LifeCycle.State> lifeCycle() {
    return division().map(division -> division.getInfo().getLifeCycleState());
  }

  long diskBytes() {
    return diskBytes;
  }

  /** Looks how much is on the disk; may take a while. */
  void measure() {
    diskBytes = directory.bytes();
  }

  /** Syncs LevelDB and cuts the log, unless that is being done. */
  void cutLog() {
    if (!cutting.compareAndSet(false, true)) {
      return;
    }
    bytesSinceCut.set(0);
    var unused =
        server
            .snapshotManagementAsync(
                SnapshotManagementRequest.newCreate(
                    client,
                    server.getId(),
                    group,
                    lastCall.incrementAndGet(),
                    CUT_TIMEOUT_MILLIS,
                    1))
            .whenComplete(
                (reply, failure) -> {
                  cutting.set(false);
                  if (failure != null || !reply.isSuccess()) {
                    log.warn(
                        "{}: the log could not be cut, it grows on: {}",
                        name,
                        failure != null
                            ? failure.toString()
                            : String.valueOf(reply.getException()));
                  }
                });
  }

  @Override
  public void applied(int bytes) {
    owner.applied(bytes);
    long since = bytesSinceCut.addAndGet(bytes);
    if (since >= cutAfterBytes
        && (!stateMachine.keepsLog() || since >= LONGER_WHEN_FETCHED * cutAfterBytes)) {
      cutLog();
    }
  }

  @Override
  public void leads(long term) {
    leads = true;
    settled.complete(null);
    owner.leads(this, term);
  }

  @Override
  public void follows(Optional<String> leader) {
    leads = false;
    if (leader.isPresent()) {
      settled.complete(null);
    }
    owner.follows(this, leader);
  }

  @Override
  public boolean hasRoom() {
    return owner.hasRoom();
  }

  @Override
  public void damaged(String how) {
    owner.damaged(this, how);
  }

  @Override
  public void logFailed(Throwable cause) {
    owner.logFailed(cause);
  }

  @Override
  public String toString() {
    return name;
  }
}
