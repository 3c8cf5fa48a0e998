package dev.staffetta.store;

import dev.staffetta.store.proto.Answers;
import dev.staffetta.store.proto.LogEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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

    /** The log could not be written: nothing more can be promised. */
    void logFailed(Throwable cause);
  }

  private static final Logger log = LoggerFactory.getLogger(PartitionStateMachine.class);

  private final LevelStore.Shape shape;
  private final Executor readers;
  private final Listener listener;

  /** Set once in initialize, before any other call, and again by a reinitialize. */
  private volatile LevelStore level;

  private volatile Path directory;

  /** What the log need not have any more. */
  private volatile Optional<TermIndex> snapshot = Optional.empty();

  PartitionStateMachine(LevelStore.Shape shape, Executor readers, Listener listener) {
    this.shape = shape;
    this.readers = readers;
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
    directory = storage.getStorageDir().getRoot().toPath().resolve("level");
    getLifeCycle().startAndTransition(this::open, IOException.class);
  }

  private void open() throws IOException {
    level = LevelStore.open(directory, shape);
    snapshot = level.applied();
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
      level().close();
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
    LevelStore open = level;
    if (open != null) {
      open.close();
    }
  }
}
