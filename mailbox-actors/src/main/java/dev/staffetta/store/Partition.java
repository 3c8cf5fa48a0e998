package dev.staffetta.store;

import dev.staffetta.config.StoreSettings;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition on this node: its replica, its writer, and when its log is cut. What it is told by
 * Raft it passes on to the store's listener.
 */
final class Partition implements PartitionStateMachine.Listener, Reader {
  private static final Logger log = LoggerFactory.getLogger(Partition.class);
  private static final long CUT_TIMEOUT_MILLIS = 60_000;

  private final int number;
  private final RaftGroupId group;
  private final long cutAfterBytes;
  private final StoreListener listener;
  private final PartitionStateMachine stateMachine;
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final AtomicLong bytesSinceCut = new AtomicLong();
  private final AtomicBoolean cutting = new AtomicBoolean();
  private final ClientId client = ClientId.randomId();
  private final AtomicLong lastCall = new AtomicLong();

  /** Set once in connect, before the partition is used. */
  private volatile RaftServer server;

  private volatile Executor writing;
  private volatile RaftSubmitter submitter;
  private volatile PartitionWriter writer;

  private volatile boolean leads;

  Partition(
      int number,
      RaftGroupId group,
      StoreSettings settings,
      LevelStore.Shape shape,
      StoreListener listener) {
    this.number = number;
    this.group = group;
    this.cutAfterBytes = settings.raft().cutAfterBytes();
    this.listener = listener;
    this.stateMachine = new PartitionStateMachine(shape, this);
  }

  /** Gives it the server that its group runs in. */
  void connect(
      RaftServer raft, StoreSettings settings, Executor thread, ScheduledExecutorService timer) {
    server = raft;
    writing = thread;
    submitter = new RaftSubmitter(raft, group, toString(), settings.writeTimeout(), timer);
    writer = new PartitionWriter(toString(), settings.queueBytes(), submitter::write, writing);
  }

  int number() {
    return number;
  }

  RaftGroupId group() {
    return group;
  }

  PartitionStateMachine stateMachine() {
    return stateMachine;
  }

  /** Completes when it is known who leads. */
  CompletionStage<Void> settled() {
    return settled;
  }

  RaftServer.Division division() throws IOException {
    return server.getDivision(group);
  }

  boolean leads() {
    return leads;
  }

  CompletionStage<Void> write(WriteBatch batch) {
    return batch.sizeInBytes() <= PartitionWriter.MAX_ENTRY_BYTES
        ? writer.write(batch.toProto())
        : StagedWrite.of(batch.toProto()).write(writer);
  }

  CompletionStage<Void> barrier() {
    return submitter.barrier();
  }

  @Override
  public Optional<byte[]> get(byte[] key) {
    return stateMachine.level().get(key);
  }

  @Override
  public Scan scan(KeyRange range) {
    return stateMachine.level().scan(range);
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
                        this,
                        failure != null
                            ? failure.toString()
                            : String.valueOf(reply.getException()));
                  }
                });
  }

  /** Refuses all writes from now on. */
  void refuseWrites(String because) {
    if (writer != null) {
      writer.close(because);
    }
  }

  /** Refuses all writes from now on, and gives up those on their way. */
  void abortWrites(String because) {
    writer.abort(because);
  }

  /** What is wrong with the replica; empty: it lives. */
  Optional<String> ailment() {
    try {
      DivisionInfo info = division().getInfo();
      return info.isAlive()
          ? Optional.empty()
          : Optional.of(this + " has died (" + info.getLifeCycleState() + ")");
    } catch (IOException e) {
      return Optional.of(this + " is not there: " + e.getMessage());
    }
  }

  PartitionStatus status() {
    Optional<DivisionInfo> info = info();
    return new PartitionStatus(
        number,
        info.map(DivisionInfo::getLeaderId).map(RaftPeerId::toString),
        leads,
        info.map(DivisionInfo::getCurrentTerm).orElse(0L),
        stateMachine.getLastAppliedTermIndex().getIndex(),
        committedIndex(),
        writer.entries(),
        writer.batches(),
        writer.bytes(),
        writer.queuedBytes());
  }

  private long committedIndex() {
    try {
      return division().getRaftLog().getLastCommittedIndex();
    } catch (IOException e) {
      return 0;
    }
  }

  private Optional<DivisionInfo> info() {
    try {
      return Optional.of(division().getInfo());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void applied(int bytes) {
    if (bytesSinceCut.addAndGet(bytes) >= cutAfterBytes && server != null) {
      cutLog();
    }
  }

  @Override
  public void leads(long term) {
    leads = true;
    settled.complete(null);
    listener.leads(number, term);
    writing.execute(this::dropStaged);
  }

  /** Whoever staged what is there does not go on: it led before. */
  private void dropStaged() {
    WriteBatch.Builder batch = WriteBatch.builder().makesRoom();
    try (Scan staged = scan(Keys.staged())) {
      staged.forEachRemaining(piece -> batch.delete(piece.key()));
    } catch (StoreException e) {
      log.debug("{} is closing", this, e);
      return;
    }
    if (batch.changes() > 0) {
      var unused = write(batch.build());
    }
  }

  @Override
  public void follows(Optional<String> leader) {
    leads = false;
    if (leader.isPresent()) {
      settled.complete(null);
    }
    listener.follows(number, leader);
  }

  @Override
  public void logFailed(Throwable cause) {
    writer.abort("its log cannot be written");
    listener.failed(this + ": the log could not be written: " + cause);
  }

  @Override
  public String toString() {
    return "partition " + number;
  }
}
