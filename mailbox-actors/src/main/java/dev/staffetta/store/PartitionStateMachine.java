package dev.staffetta.store;

import dev.staffetta.store.proto.Answers;
import dev.staffetta.store.proto.LogEntry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica of a partition: applies the log's entries to LevelDB, one after the other on Ratis'
 * updater thread of the group.
 *
 * <p>LevelDB lies beside the log (not in Ratis' directory for state machines, which a received
 * snapshot replaces as a whole). Each of its batches says which entry it was, so a restart goes on
 * from exactly there: that is what is reported as the latest snapshot at the start, since Ratis
 * replays from the snapshot. Later it is what LevelDB was last synced at: with anything newer Ratis
 * would find nothing to do when the log is to be cut.
 */
final class PartitionStateMachine extends BaseStateMachine {
  /** What the replica tells; called on Ratis' threads, must not block. */
  interface Listener {
    /** An entry of this size is in LevelDB. */
    void applied(int bytes);

    /** This replica leads from now on, in this term. */
    void leads(long term);

    /** Another replica leads, or none that is known. */
    void follows(Optional<String> leader);

    /** Whether there is room on the disk for more than what makes room. */
    boolean hasRoom();

    /** What is on the disk is not what was written; on any thread, may be called again. */
    void damaged(String how);

    /** The log could not be written: nothing more can be promised. */
    void logFailed(Throwable cause);
  }

  /** What the replicas of a node have in common. */
  record Setup(LevelStore.Shape shape, Executor readers, SnapshotTransfers transfers) {}

  private static final Logger log = LoggerFactory.getLogger(PartitionStateMachine.class);

  /** Between two questions of a leader whether a transfer has come to its end. */
  private static final long QUESTION_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long a replica that came may wait until Ratis puts it into its place. */
  private static final long PLACE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final LevelStore.Shape shape;
  private final Executor readers;
  private final SnapshotTransfers transfers;
  private final Listener listener;

  /** Set once in initialize, before any other call, and again by a reinitialize. */
  private volatile LevelStore level;

  private volatile ReplicaDirectory directory;

  private volatile SnapshotSource source;
  private volatile SnapshotReceiver receiver;

  /** What the log need not have any more. */
  private volatile Optional<TermIndex> snapshot = Optional.empty();

  /** When a replica came whole that has not got its place yet. */
  private volatile Optional<Long> receivedNanos = Optional.empty();

  PartitionStateMachine(Setup setup, Listener listener) {
    this.shape = setup.shape();
    this.readers = setup.readers();
    this.transfers = setup.transfers();
    this.listener = listener;
  }

  /** This replica's data; fails while it is not open. */
  LevelStore level() {
    LevelStore open = level;
    if (open == null) {
      throw new StoreException("the partition is not open yet");
    }
    return open;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    super.initialize(server, group, storage);
    directory = new ReplicaDirectory(storage.getStorageDir().getRoot().toPath());
    source = new SnapshotSource(listener.toString(), transfers, this::level);
    receiver = new SnapshotReceiver(listener.toString(), group, transfers, shape);
    directory.recover();
    getLifeCycle().startAndTransition(this::open, IOException.class);
  }

  private void open() throws IOException {
    LevelStore opened = LevelStore.open(directory.level(), shape, listener::damaged);
    level = opened;
    snapshot = opened.applied();
    long next = snapshot.map(TermIndex::getIndex).orElse(-1L) + 1;
    OptionalLong first = directory.firstInLog();
    if (first.isPresent() && first.getAsLong() > next) {
      throw new DamagedReplicaException(
          directory.level()
              + " lacks entries "
              + next
              + " to "
              + (first.getAsLong() - 1)
              + ", and so does the log");
    }
    snapshot.ifPresent(this::setLastAppliedTermIndex);
  }

  /** On the leader: what is sent from another node has not seen this node's disk yet. */
  @Override
  public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
    TransactionContext transaction = super.startTransaction(request);
    if (!listener.hasRoom()
        && !LogEntry.parseFrom(request.getMessage().getContent().asReadOnlyByteBuffer())
            .getMakesRoom()) {
      transaction.setException(new IOException("the disk is nearly full"));
    }
    return transaction;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    RaftProtos.LogEntryProto entry = transaction.getLogEntry();
    TermIndex position = TermIndex.valueOf(entry);
    if (position.getIndex() <= getLastAppliedTermIndex().getIndex()) {
      return CompletableFuture.completedFuture(Message.EMPTY);
    }
    var data = entry.getStateMachineLogEntry().getLogData();
    try {
      Answers answers = EntryApplier.apply(level(), position, data.asReadOnlyByteBuffer());
      updateLastAppliedTermIndex(position);
      listener.applied(data.size());
      return CompletableFuture.completedFuture(
          Message.valueOf(UnsafeByteOperations.unsafeWrap(answers.toByteArray())));
    } catch (IOException e) {
      throw new StoreException("log entry " + position + " cannot be read", e);
    }
  }

  /** An entry that is Ratis' own: nothing to apply, but it counts. */
  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    TermIndex position = TermIndex.valueOf(term, index);
    if (index > getLastAppliedTermIndex().getIndex()) {
      level().apply(position, level().newChanges());
      updateLastAppliedTermIndex(position);
    }
  }

  /** A linearizable query: by the time it is answered, all that was acknowledged is applied. */
  @Override
  public CompletableFuture<Message> query(Message request) {
    return KeyQueries.answer(request, level(), readers);
  }

  /** A {@code SnapshotRequest} of a replica that fetches all that is here. */
  @Override
  public CompletableFuture<Message> queryStale(Message request, long minIndex) {
    return source
        .answer(request.getContent().asReadOnlyByteBuffer())
        .thenApply(reply -> Message.valueOf(UnsafeByteOperations.unsafeWrap(reply)));
  }

  /**
   * The leader's log begins behind what is here: all that it has is fetched. Asked again when it
   * failed, by whoever leads then; when it came, Ratis calls {@link #pause} and {@link
   * #reinitialize}.
   */
  @Override
  public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
      RaftProtos.RoleInfoProto role, TermIndex firstInLog) {
    RaftProtos.RaftPeerProto leader = role.getFollowerInfo().getLeaderInfo().getId();
    return receiver
        .receive(directory, ProtoUtils.toRaftPeer(leader), firstInLog.getIndex() - 1)
        // Null is Ratis' word for nothing newer than what is here.
        .thenApply(
            received -> {
              if (received.getIndex() <= getLastAppliedTermIndex().getIndex()) {
                return null;
              }
              receivedNanos = Optional.of(System.nanoTime());
              return received;
            });
  }

  /**
   * While a replica is being received, Ratis' leader asks without a pause whether it is there, and
   * each time writes the configuration to the disk here and calls this: so here is the pause. It is
   * the question's own thread.
   */
  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftProtos.RaftConfigurationProto configuration) {
    if (receiver.isWanted()) {
      LockSupport.parkNanos(QUESTION_PAUSE_NANOS);
    }
  }

  /** Whether the log should not be cut now: somebody who fetches this replica needs it. */
  boolean keepsLog() {
    SnapshotSource open = source;
    return open != null && open.keepsLog();
  }

  /**
   * Whether a replica came that Ratis does not put into its place. That is so when a leader with a
   * longer log follows just then: it does not ask for it, and Ratis takes no entries before it was
   * asked. A restart helps.
   */
  boolean isStuck() {
    return receivedNanos.filter(at -> System.nanoTime() - at > PLACE_PATIENCE_NANOS).isPresent();
  }

  /** How far a snapshot that is being received has come. */
  Optional<PartitionStatus.Transfer> receiving() {
    SnapshotReceiver open = receiver;
    return open == null ? Optional.empty() : open.progress();
  }

  /** Before the log is cut: brings what was applied to the disk. */
  @Override
  public long takeSnapshot() throws IOException {
    TermIndex applied = getLastAppliedTermIndex();
    if (applied.getIndex() < 0) {
      return org.apache.ratis.server.raftlog.RaftLog.INVALID_LOG_INDEX;
    }
    level().sync(applied);
    snapshot = Optional.of(applied);
    return applied.getIndex();
  }

  @Override
  public SnapshotInfo getLatestSnapshot() {
    // Null is Ratis' word for none.
    return snapshot.map(at -> new FileListSnapshotInfo(List.of(), at)).orElse(null);
  }

  /** Called for every piece of a snapshot that is received: may be called twice. */
  @Override
  public void pause() {
    if (getLifeCycleState() == LifeCycle.State.RUNNING) {
      getLifeCycle().transition(LifeCycle.State.PAUSING);
      getLifeCycle().transition(LifeCycle.State.PAUSED);
    }
  }

  @Override
  public void reinitialize() throws IOException {
    if (getLifeCycleState() == LifeCycle.State.PAUSED) {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      source.endAll();
      level().close();
      directory.takeOver();
      receivedNanos = Optional.empty();
      open();
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    }
  }

  @Override
  public void notifyLeaderReady() {
    var unused =
        getServer()
            .thenAccept(
                server -> {
                  try {
                    listener.leads(server.getDivision(getGroupId()).getInfo().getCurrentTerm());
                  } catch (IOException e) {
                    log.error("Partition {} leads but is not there", getGroupId(), e);
                  }
                });
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    // Ratis waits for a transfer that was begun, while another leader may do with its log.
    receiver.interrupt("the leader has changed");
    if (!member.getPeerId().equals(leader)) {
      listener.follows(Optional.ofNullable(leader).map(RaftPeerId::toString));
    }
  }

  @Override
  public void notifyNotLeader(java.util.Collection<TransactionContext> pendingEntries) {
    listener.follows(Optional.empty());
  }

  @Override
  public void notifyLogFailed(Throwable cause, RaftProtos.LogEntryProto failedEntry) {
    listener.logFailed(cause);
  }

  @Override
  public void close() throws IOException {
    if (receiver != null) {
      receiver.close();
      source.endAll();
    }
    LevelStore open = level;
    if (open != null) {
      open.close();
    }
  }
}
