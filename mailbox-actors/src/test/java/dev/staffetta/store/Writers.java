package dev.staffetta.store;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes to whichever node leads a partition, one at a time, and remembers what was answered. */
final class Writers implements AutoCloseable {
  private final StoreCluster cluster;
  private final int partition;
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Thread thread;
  private volatile long lastAnswerNanos = System.nanoTime();

  Writers(StoreCluster cluster, int partition) {
    this.cluster = cluster;
    this.partition = partition;
    this.thread = new Thread(this::run, "writers");
    thread.start();
  }

  private void run() {
    for (int n = 0; !stopped.get(); n++) {
      String key = "k%06d".formatted(n);
      Optional<Store> leader = cluster.all().stream().filter(s -> s.leads(partition)).findFirst();
      if (leader.isEmpty()) {
        Thread.onSpinWait();
        continue;
      }
      try {
        leader
            .get()
            .write(
                partition,
                WriteBatch.builder().put(Stores.bytes(key), Stores.bytes("" + n)).build())
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
        acknowledged.add(key + "=" + n);
        lastAnswerNanos = System.nanoTime();
      } catch (java.util.concurrent.ExecutionException e) {
        refused.incrementAndGet();
      } catch (Exception e) {
        throw new AssertionError("no answer at all", e);
      }
    }
  }

  /** {@code key=value} of each write that was acknowledged. */
  List<String> acknowledged() {
    return List.copyOf(acknowledged);
  }

  int refused() {
    return refused.get();
  }

  long lastAnswerNanos() {
    return lastAnswerNanos;
  }

  void stop() {
    stopped.set(true);
    try {
      thread.join(30_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
