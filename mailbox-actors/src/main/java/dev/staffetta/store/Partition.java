package dev.staffetta.store;

import dev.staffetta.config.StoreSettings;
import dev.staffetta.ports.Refusal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition as this node sees it, with a replica here or without: the replica comes and goes
 * while the node runs, the partition stays.
 */
final class Partition implements Replica.Owner, Reader {
  private static final Logger log = LoggerFactory.getLogger(Partition.class);
  private static final long REFILL_PATIENCE_MINUTES = 60;
  private static final String ELSEWHERE = "another node leads it";

  private final int number;
  private final RaftGroupId group;
  private final GroupDirectory directory;
  private final StoreSettings settings;
  private final LevelStore.Shape shape;
  private final Executor readers;
  private final StoreListener listener;

  /** Set once in connect, before the partition is used. */
  private volatile RaftServer server;

  private volatile SnapshotTransfers transfers;
  private volatile Executor writing;
  private volatile RaftSubmitter submitter;
  private volatile PartitionWriter writer;
  private volatile LeaderSubmitter leader;
  private volatile PartitionWriter writerAtLeader;

  /** Changed on the one thread that adds and removes groups. */
  private volatile Optional<Replica> replica = Optional.empty();

  /** Whether the replica on the disk must be thrown away, and can be fetched anew. */
  private volatile boolean damaged;

  /** What was told of a replica that is the only one. */
  private volatile String lastDamage = "";

  /** Why the replica on the disk does not run. */
  private volatile Optional<String> ailment = Optional.empty();

  private volatile boolean hasRoom = true;

  /** By any replica that was here. */
  private final LongAdder appliedBytes = new LongAdder();

  Partition(
      int number,
      RaftGroupId group,
      GroupDirectory directory,
      StoreSettings settings,
      LevelStore.Shape shape,
      Executor readers,
      StoreListener listener) {
    this.number = number;
    this.group = group;
    this.directory = directory;
    this.settings = settings;
    this.shape = shape;
    this.readers = readers;
    this.listener = listener;
  }

  /** Gives it the server that its group runs in. */
  void connect(
      RaftServer raft,
      LeaderRoutes routes,
      SnapshotTransfers ofNode,
      Executor thread,
      ScheduledExecutorService timer) {
    server = raft;
    transfers = ofNode;
    writing = thread;
    submitter = new RaftSubmitter(raft, group, toString(), settings.writeTimeout(), timer);
    writer = new PartitionWriter(toString(), settings.queueBytes(), submitter::write, writing);
    leader = new LeaderSubmitter(this, routes);
    writerAtLeader = new PartitionWriter(toString(), settings.queueBytes(), leader::write, writing);
  }

  int number() {
    return number;
  }

  RaftGroupId group() {
    return group;
  }

  GroupDirectory directory() {
    return directory;
  }

  Optional<Replica> replica() {
    return replica;
  }

  /** The state machine of a group that Ratis is about to open. */
  PartitionStateMachine attach() {
    Replica fresh =
        new Replica(
            server,
            group,
            directory,
            new PartitionStateMachine.Setup(shape, readers, transfers),
            settings.raft().cutAfterBytes(),
            this);
    replica = Optional.of(fresh);
    ailment = Optional.empty();
    return fresh.stateMachine();
  }

  /** The replica is gone, or about to. Writes on their way are given up. */
  void detach(String because) {
    replica = Optional.empty();
    writer.giveUp(because);
    listener.follows(number, Optional.empty());
  }

  /** The replica could not be opened: Ratis does not close what was. */
  void discard(String because) {
    replica.ifPresent(
        failed -> {
          try {
            failed.stateMachine().close();
          } catch (IOException | RuntimeException e) {
            log.warn("{} cannot be closed", this, e);
          }
        });
    detach(because);
  }

  /** Notes that there is a replica on the disk that cannot run; empty: no more. */
  void ails(Optional<String> why) {
    ailment = why;
  }

  Optional<String> ailment() {
    return ailment;
  }

  /** Whether there is a replica, and it runs. */
  boolean isHere() {
    return replica.isPresent() && ailment.isEmpty();
  }

  boolean leads() {
    return replica.filter(Replica::leads).isPresent();
  }

  CompletionStage<Void> write(WriteBatch batch) {
    if (replica.isEmpty()) {
      return CompletableFuture.failedFuture(unavailable(ELSEWHERE));
    }
    return write(batch, writer);
  }

  /** Also where this node leads: it may do so no more by the time the entry is sent. */
  CompletionStage<Void> writeAtLeader(WriteBatch batch) {
    return write(batch, writerAtLeader);
  }

  private static CompletionStage<Void> write(WriteBatch batch, PartitionWriter writer) {
    return batch.sizeInBytes() <= PartitionWriter.MAX_ENTRY_BYTES
        ? writer.write(batch.toProto(), batch.makesRoom())
        : StagedWrite.of(batch).write(writer);
  }

  CompletionStage<List<Optional<byte[]>>> getAtLeader(List<byte[]> keys) {
    return leader.get(keys);
  }

  CompletionStage<Void> barrier() {
    return replica.isEmpty()
        ? CompletableFuture.failedFuture(unavailable("it has no replica here"))
        : submitter.barrier();
  }

  @Override
  public Optional<byte[]> get(byte[] key) {
    return level().get(key);
  }

  @Override
  public Scan scan(KeyRange range) {
    return level().scan(range);
  }

  private LevelStore level() {
    return replica.orElseThrow(() -> unavailable("it has no replica here")).stateMachine().level();
  }

  /** Refuses all writes from now on. */
  void refuseWrites(String because) {
    writer.close(because);
    writerAtLeader.close(because);
  }

  /** Gives up the writes that wait and those on their way; later ones are taken again. */
  void giveUpWrites(String because) {
    writer.giveUp(because);
  }

  /** Refuses all writes from now on, and gives up those on their way. */
  void abortWrites(String because) {
    writer.abort(because);
  }

  PartitionStatus status() {
    Optional<Replica> here = replica;
    Optional<RaftServer.Division> division = here.flatMap(Replica::division);
    Optional<DivisionInfo> info = division.map(RaftServer.Division::getInfo);
    return new PartitionStatus(
        number,
        isHere(),
        ailment,
        here.map(Replica::peers).orElse(List.of()).stream().map(StorePeer::of).toList(),
        info.map(DivisionInfo::getLeaderId).map(RaftPeerId::toString),
        leads(),
        here.map(Replica::followers).orElse(List.of()),
        info.map(DivisionInfo::getCurrentTerm).orElse(0L),
        here.map(r -> r.stateMachine().getLastAppliedTermIndex().getIndex()).orElse(0L),
        here.map(Replica::committedIndex).orElse(0L),
        here.map(Replica::diskBytes).orElse(0L),
        here.flatMap(r -> r.stateMachine().receiving()),
        writer.entries(),
        writer.batches(),
        writer.bytes(),
        writer.queuedBytes());
  }

  StoreTraffic traffic() {
    return new StoreTraffic(writer.answeredEntries(), writer.nanosToAnswer(), appliedBytes.sum());
  }

  @Override
  public void leads(Replica who, long term) {
    if (isCurrent(who)) {
      listener.leads(number, term);
      writing.execute(this::dropStaged);
    }
  }

  /** Whoever staged what is there does not go on: it led before. */
  private void dropStaged() {
    WriteBatch.Builder batch = WriteBatch.builder().makesRoom();
    try (Scan staged = scan(Keys.staged())) {
      staged.forEachRemaining(piece -> batch.delete(piece.key()));
    } catch (StoreException | Refusal e) {
      log.debug("{} is closing", this, e);
      return;
    }
    if (batch.changes() > 0) {
      var unused = write(batch.build());
    }
  }

  @Override
  public void follows(Replica who, Optional<String> leader) {
    if (isCurrent(who)) {
      listener.follows(number, leader);
    }
  }

  @Override
  public void applied(int bytes) {
    appliedBytes.add(bytes);
  }

  @Override
  public boolean hasRoom() {
    return hasRoom;
  }

  /** Tells whether the disk has room for more than what makes room. */
  void hasRoom(boolean room) {
    hasRoom = room;
  }

  /**
   * Another node has what is damaged here: this replica is given up. With no other, what can be
   * read is worth more than a stop.
   */
  @Override
  public void damaged(Replica who, String how) {
    if (!isCurrent(who) || damaged) {
      return;
    }
    if (who.isAlone()) {
      if (!how.equals(lastDamage)) {
        lastDamage = how;
        log.error("{}: {}; no other node has it", this, how);
      }
      return;
    }
    directory.markDamaged(how);
    damaged = true;
    ailment = Optional.of(how);
    writer.giveUp("its replica here is damaged");
  }

  /**
   * Fetches from another replica what is not in the log of this one, which does not run. Blocks.
   *
   * @param from has all that the log here does not begin with
   */
  void refill(RaftPeer from) throws IOException {
    ReplicaDirectory files = new ReplicaDirectory(directory.root());
    long needed = files.firstInLog().orElse(0) - 1;
    try (SnapshotReceiver receiver = new SnapshotReceiver(toString(), group, transfers, shape)) {
      receiver.receive(files, from, needed).get(REFILL_PATIENCE_MINUTES, TimeUnit.MINUTES);
      directory.isWellAgain();
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("it could not be fetched: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the node is stopping");
    }
  }

  boolean isDamaged() {
    return damaged;
  }

  /** Notes whether what is on the disk is of no use. */
  void isDamaged(boolean now) {
    damaged = now;
  }

  private boolean isCurrent(Replica who) {
    return replica.filter(current -> current == who).isPresent();
  }

  @Override
  public void logFailed(Throwable cause) {
    writer.abort("its log cannot be written");
    listener.failed(this + ": the log could not be written: " + cause);
  }

  private Refusal unavailable(String because) {
    return new Refusal(Refusal.Code.UNAVAILABLE, this + " is not available: " + because);
  }

  @Override
  public String toString() {
    return "partition " + number;
  }
}
