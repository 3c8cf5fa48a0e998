package dev.staffetta.store;

import dev.staffetta.config.StoreSettings;
import dev.staffetta.ports.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitioned, ordered, replicated key-value store, as one node has it.
 *
 * <p>A write is to one partition, atomic, and on the disks of a majority of its replicas when its
 * stage completes; only the node that leads the partition takes it. Reads are of this node's own
 * replica, which may be behind; {@link #barrier} makes sure that it is not. All stages complete on
 * the store's threads: what is hung onto them must not block.
 */
public final class Store implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Store.class);

  /** Size of the largest batch there can be, in bytes. */
  public static final int MAX_BATCH_BYTES = 32 << 20;

  private static final long OPEN_PATIENCE_SECONDS = 60;
  private static final long LIFE_CHECK_MILLIS = 1_000;
  private static final long MEASURE_SECONDS = 10;
  private static final long CHANGE_PATIENCE_SECONDS = 60;

  private final StoreIdentity identity;
  private final StoreListener listener;
  private final List<Partition> partitions;
  private final OpenGroups groups;
  private final ScheduledExecutorService timer;
  private final Executor readers;
  private final DiskWatch disk;
  private final Caretaker caretaker;

  /** Why it takes no more writes; empty: it does. */
  private final AtomicReference<String> failure = new AtomicReference<>("");

  private Store(StoreBuilder setup, StoreIdentity identity, OpenGroups groups) {
    this.identity = identity;
    this.listener = setup.listener();
    this.partitions = groups.partitions();
    this.groups = groups;
    this.timer = groups.timer();
    this.readers = setup.readers();
    this.disk = new DiskWatch(setup.settings().disk(), setup.freeBytes(), this::onDisk);
    this.caretaker = new Caretaker(partitions, groups.membership(), groups.changing(), this::fail);
    guarded("disk space", disk::look).run();
    long diskMillis = setup.settings().disk().checkInterval().toMillis();
    var unusedDisk =
        timer.scheduleWithFixedDelay(
            guarded("disk space", disk::look), diskMillis, diskMillis, TimeUnit.MILLISECONDS);
    var unusedLife =
        timer.scheduleWithFixedDelay(
            guarded("partitions", caretaker::checkLife),
            LIFE_CHECK_MILLIS,
            LIFE_CHECK_MILLIS,
            TimeUnit.MILLISECONDS);
    var unusedSizes =
        timer.scheduleWithFixedDelay(
            () -> readers.execute(guarded("sizes", caretaker::measure)),
            0,
            MEASURE_SECONDS,
            TimeUnit.SECONDS);
  }

  /**
   * Starts to open the store of a directory.
   *
   * @param readers where blocking reads run
   */
  public static StoreBuilder at(Path directory, StoreSettings settings, Executor readers) {
    return new StoreBuilder(directory, settings, readers);
  }

  static Store open(StoreBuilder setup) {
    Path directory = setup.directory();
    StoreSettings settings = setup.settings();
    try {
      Files.createDirectories(directory);
      long free = setup.freeBytes().getAsLong();
      if (free < settings.disk().stopBelowBytes()) {
        throw new StoreException(
            directory
                + " has only "
                + DiskWatch.mebibytes(free)
                + " free, less than store.disk.stop-below-bytes ("
                + DiskWatch.mebibytes(settings.disk().stopBelowBytes())
                + ")");
      }
      StoreIdentity identity =
          StoreIdentity.of(directory, setup.cluster(), setup.node(), settings.partitions());
      OpenGroups groups = OpenGroups.open(setup, identity);
      try {
        groups.awaitLeaders(OPEN_PATIENCE_SECONDS, TimeUnit.SECONDS);
        groups.moveIn();
        return new Store(setup, identity, groups);
      } catch (RuntimeException | Error e) {
        groups.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StoreException("cannot open the store in " + directory + ": " + e.getMessage(), e);
    }
  }

  /** The name of the cluster that the data belongs to. */
  public String cluster() {
    return identity.cluster();
  }

  /** Where this node's peers reach it; port 0: nowhere, it can have none. */
  public StorePeer peerAddress() {
    return groups.self();
  }

  /** How many partitions there are, from 0. */
  public int partitions() {
    return partitions.size();
  }

  /**
   * The partition of all that hangs on a name: an account's address, a domain. The same on every
   * node and for ever.
   */
  public int partitionOf(String name) {
    return PartitionHash.of(name, partitions.size());
  }

  /** Whether this node leads a partition, as far as it knows. */
  public boolean leads(int partition) {
    return partitions.get(partition).leads();
  }

  /** How each partition's replica here stands. */
  public List<PartitionStatus> status() {
    return partitions.stream().map(Partition::status).toList();
  }

  /** What it has done. */
  public StoreTraffic traffic() {
    return StoreTraffic.sum(partitions.stream().map(Partition::traffic).toList());
  }

  /** Whether this node has a replica of a partition, and it runs. */
  public boolean hasReplica(int partition) {
    return partitions.get(partition).isHere();
  }

  /**
   * Gives this node an empty replica of a partition, which waits until the partition's leader is
   * told of it with {@link #setPeers}. Nothing happens if there is one.
   *
   * @return fails with {@link StoreException} when what is on the disk must be removed first
   */
  public CompletionStage<Void> addReplica(int partition) {
    return changeGroups(() -> groups.membership().addReplica(partitions.get(partition)));
  }

  /** As the next, for a node that knows itself that it is no peer any more. */
  public CompletionStage<Void> removeReplica(int partition) {
    return removeReplica(partition, false);
  }

  /**
   * Takes this node's replica of a partition away, with its files. Nothing happens if there is
   * none.
   *
   * @param isOut whether the caller knows from the leader that this node is no peer any more; the
   *     replica itself may not have heard of it
   * @return fails with {@link StoreException} when the node is a peer as far as it knows, and the
   *     caller does not know better
   */
  public CompletionStage<Void> removeReplica(int partition, boolean isOut) {
    return changeGroups(() -> groups.membership().removeReplica(partitions.get(partition), isOut));
  }

  private interface Change {
    void run() throws IOException;
  }

  private CompletionStage<Void> changeGroups(Change change) {
    return CompletableFuture.runAsync(
            () -> {
              try {
                change.run();
              } catch (IOException e) {
                throw new StoreException(
                    "the replicas here cannot be changed: " + e.getMessage(), e);
              }
            },
            groups.changing())
        .orTimeout(CHANGE_PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Makes these nodes the ones that have replicas; on the node that leads the partition. Newcomers
   * need an empty replica ({@link #addReplica}); it completes when they have caught up. Nothing
   * happens if it is so already.
   *
   * @param peers all of them, this node among them; not so many new ones that they are a majority,
   *     except that one may become two
   * @return fails with {@link StoreException} when that cannot be done, with {@link
   *     Refusal.Code#UNAVAILABLE} when another node leads, or when it did not get through in time:
   *     it may still be going on
   */
  public CompletionStage<Void> setPeers(int partition, List<StorePeer> peers) {
    return askGroups(() -> groups.membership().setPeers(partitions.get(partition), peers));
  }

  /**
   * Has another node lead a partition; on the node that leads it. Completes when it does.
   *
   * @return fails with {@link StoreException} when the node has no replica, with {@link
   *     Refusal.Code#UNAVAILABLE} when another node leads, or when it did not get through in time
   */
  public CompletionStage<Void> transferLeadership(int partition, String node) {
    return askGroups(() -> groups.membership().transferLeadership(partitions.get(partition), node));
  }

  private CompletionStage<Void> askGroups(Supplier<CompletionStage<Void>> question) {
    return CompletableFuture.<Void>completedFuture(null)
        .thenComposeAsync(ready -> question.get(), groups.changing());
  }

  /**
   * Tells of the nodes that there are and where they are now: whom to ask for a partition that has
   * no replica here. To be told before this node gets its first replica, and whenever there are
   * others.
   */
  public void know(List<StorePeer> nodes) {
    groups.routes().know(nodes);
  }

  /**
   * Writes a batch at the node that leads the partition, whichever it is; otherwise as {@link
   * #write}. For what may be written from anywhere: contents, never an entity's events.
   */
  public CompletionStage<Void> writeAtLeader(int partition, WriteBatch batch) {
    return tooLarge(batch).orElseGet(() -> partitions.get(partition).writeAtLeader(batch));
  }

  /**
   * Reads keys at the node that leads the partition: all that was acknowledged before the call is
   * seen.
   *
   * @return the values in the order of the keys; fails with {@link Refusal.Code#UNAVAILABLE}
   */
  public CompletionStage<List<Optional<byte[]>>> getAtLeader(int partition, List<byte[]> keys) {
    return partitions.get(partition).getAtLeader(keys);
  }

  /** There is room on the disk for so many bytes of partitions that are to come. */
  public long roomBytes() {
    return groups.transfers().room().bytes();
  }

  /** How much room there is. */
  public DiskState diskState() {
    return disk.state();
  }

  /**
   * Writes a batch. Batches of one partition are applied in the order of the calls; only one that
   * is larger than a log entry, which is some 1 MB, may be overtaken by those that come after it.
   *
   * @param batch at most {@link #MAX_BATCH_BYTES}
   * @return completes when it is durable; fails with {@link RequirementNotMetException} when it was
   *     not applied because a requirement does not hold, with {@link Refusal.Code#UNAVAILABLE} when
   *     it may or may not have been applied
   */
  public CompletionStage<Void> write(int partition, WriteBatch batch) {
    if (disk.state() != DiskState.ROOMY && !batch.makesRoom()) {
      return CompletableFuture.failedFuture(
          new Refusal(Refusal.Code.UNAVAILABLE, "the disk is nearly full"));
    }
    return tooLarge(batch).orElseGet(() -> partitions.get(partition).write(batch));
  }

  private static Optional<CompletionStage<Void>> tooLarge(WriteBatch batch) {
    return batch.sizeInBytes() <= MAX_BATCH_BYTES
        ? Optional.empty()
        : Optional.of(
            CompletableFuture.failedFuture(
                new IllegalArgumentException(
                    "a batch of " + batch.sizeInBytes() + " bytes, at most " + MAX_BATCH_BYTES)));
  }

  /**
   * Completes when all that was acknowledged by any node before the call can be read here, which
   * may take a word with the leader; fails with {@link Refusal.Code#UNAVAILABLE}.
   */
  public CompletionStage<Void> barrier(int partition) {
    return partitions.get(partition).barrier();
  }

  /** Reads that block the caller; for threads that may be blocked. */
  public Reader reader(int partition) {
    return partitions.get(partition);
  }

  /** Runs {@code reading} where it may block. */
  public <T> CompletionStage<T> read(int partition, Function<Reader, T> reading) {
    try {
      return CompletableFuture.supplyAsync(() -> reading.apply(partitions.get(partition)), readers);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new Refusal(Refusal.Code.UNAVAILABLE, "the node is stopping"));
    }
  }

  /** Syncs LevelDB and closes. Writes that wait are refused. May be called twice. */
  @Override
  public void close() {
    timer.shutdownNow();
    partitions.forEach(p -> p.refuseWrites("the node is stopping"));
    groups.close();
  }

  Partition partition(int number) {
    return partitions.get(number);
  }

  private void onDisk(DiskState state) {
    listener.disk(state);
    partitions.forEach(p -> p.hasRoom(state == DiskState.ROOMY));
    switch (state) {
      case ROOMY -> {}
      case NEARLY_FULL -> {
        partitions.forEach(p -> p.replica().ifPresent(Replica::cutLog));
        caretaker.handOver("The disk is nearly full");
      }
      case FULL -> fail("the disk is full");
    }
  }

  private void fail(String reason) {
    if (failure.compareAndSet("", reason)) {
      log.error("The store cannot go on: {}", reason);
    }
    partitions.forEach(p -> p.refuseWrites(reason));
    listener.failed(reason);
  }

  private static Runnable guarded(String what, Runnable check) {
    return () -> {
      try {
        check.run();
      } catch (RuntimeException e) {
        log.error("Cannot check {}", what, e);
      }
    };
  }
}
