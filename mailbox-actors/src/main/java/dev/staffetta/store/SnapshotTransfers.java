package dev.staffetta.store;

import com.google.protobuf.UnsafeByteOperations;
import dev.staffetta.config.StoreSettings;
import dev.staffetta.store.proto.SnapshotReply;
import dev.staffetta.store.proto.SnapshotRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;

/**
 * What all transfers of whole partitions on a node share: their threads, how many there may be at a
 * time and how fast, and the way to the other nodes.
 */
final class SnapshotTransfers implements AutoCloseable {
  /** Asks one replica of a partition for chunks. Of one thread. */
  interface Connection extends AutoCloseable {
    /** Waits for the answer, at most {@link RaftClients#ANSWER_PATIENCE_SECONDS}. */
    SnapshotReply ask(SnapshotRequest request) throws IOException;

    @Override
    void close();
  }

  /** How connections are made. */
  interface Network {
    Connection connect(RaftGroupId group, RaftPeer peer);
  }

  /** Of pairs in a chunk. */
  static final int CHUNK_BYTES = 900 << 10;

  /** However slow it must go: an answer that waits for its turn comes soon enough. */
  private static final int CHUNKS_PER_SECOND_AT_LEAST = 4;

  /** How long a transfer is kept open for a receiver that does not ask. */
  private static final Duration CURSOR_PATIENCE = Duration.ofSeconds(60);

  private static final int SENDING_THREADS = 2;
  private static final long IDLE_THREAD_SECONDS = 30;

  private final int chunkBytes;
  private final Network network;
  private final DiskRoom room;
  private final Semaphore sendingSlots;
  private final ExecutorService sending;
  private final ExecutorService receiving;
  private final ScheduledThreadPoolExecutor timer;
  private final Throttle sendingThrottle;
  private final Throttle receivingThrottle;

  /** With gaps between nodes that tests make. */
  SnapshotTransfers(
      StoreSettings.Transfers settings, int chunkBytes, Network network, DiskRoom room) {
    this.chunkBytes = chunkBytes;
    this.network = network;
    this.room = room;
    this.sendingSlots = new Semaphore(settings.atOnce());
    this.sending = pool("store-snapshot-sender", SENDING_THREADS);
    this.receiving = pool("store-snapshot-receiver", settings.atOnce());
    this.timer = new ScheduledThreadPoolExecutor(1, daemon("store-snapshot-timer"));
    this.timer.setRemoveOnCancelPolicy(true);
    this.sendingThrottle = new Throttle(settings.bytesPerSecond(), System::nanoTime);
    this.receivingThrottle = new Throttle(settings.bytesPerSecond(), System::nanoTime);
  }

  /** Those of a node. */
  static SnapshotTransfers of(
      StoreSettings.Transfers settings, RaftClients clients, DiskRoom room) {
    return new SnapshotTransfers(
        settings,
        (int) Math.min(CHUNK_BYTES, settings.bytesPerSecond() / CHUNKS_PER_SECOND_AT_LEAST),
        (group, peer) -> new Asked(clients, group, peer),
        room);
  }

  Connection connect(RaftGroupId group, RaftPeer peer) {
    return network.connect(group, peer);
  }

  /** On this node, for what comes. */
  DiskRoom room() {
    return room;
  }

  int chunkBytes() {
    return chunkBytes;
  }

  Duration cursorPatience() {
    return CURSOR_PATIENCE;
  }

  /** Whether another may be sent; if so, {@link #end} must follow. */
  boolean tryBegin() {
    return sendingSlots.tryAcquire();
  }

  void end() {
    sendingSlots.release();
  }

  <T> CompletableFuture<T> send(Supplier<T> reading) {
    return CompletableFuture.supplyAsync(reading, sending);
  }

  /** Completes when this many bytes may be sent. */
  <T> CompletableFuture<T> paced(T answer, int bytes) {
    long delay = sendingThrottle.delayNanos(bytes);
    if (delay <= 0) {
      return CompletableFuture.completedFuture(answer);
    }
    CompletableFuture<T> later = new CompletableFuture<>();
    var unused = timer.schedule(() -> later.complete(answer), delay, TimeUnit.NANOSECONDS);
    return later;
  }

  /** Runs something small later, unless the node stops before. */
  void after(Duration delay, Runnable what) {
    var unused = timer.schedule(() -> sending.execute(what), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Runs a transfer to here, which may block, as soon as there is a thread for it. */
  void receive(Runnable transfer) {
    receiving.execute(transfer);
  }

  /** Waits until this many more bytes may be received. */
  void awaitPace(long bytes) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(receivingThrottle.delayNanos(bytes));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    receiving.shutdownNow();
    sending.shutdown();
  }

  private static ExecutorService pool(String name, int threads) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemon(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Asks by a stale read, which each replica answers by itself. */
  private record Asked(RaftClients clients, RaftGroupId group, RaftPeer peer)
      implements Connection {
    @Override
    public SnapshotReply ask(SnapshotRequest request) throws IOException {
      Message message =
          Message.valueOf(
              org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations.unsafeWrap(
                  request.toByteArray()));
      return SnapshotReply.parseFrom(
          UnsafeByteOperations.unsafeWrap(
              clients.staleRead(group, peer, message).getContent().asReadOnlyByteBuffer()));
    }

    /** Nothing is held. */
    @Override
    public void close() {}
  }
}
