package dev.staffetta.store;

import static dev.staffetta.store.Stores.bytes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Prints how long a wiped follower takes to be a full replica again, and what the leader's writers
 * feel of it. Not a test: run its {@code main} with a directory, how many MB the partition has, and
 * how many writes a second there are. Three nodes, all in this process.
 */
final class TransferBenchmark {
  private static final int FILL_BYTES = 64 << 10;
  private static final int WRITE_BYTES = 4 << 10;
  private static final long USUAL_SECONDS = 20;
  private static final long LIMIT_SECONDS = 600;

  private TransferBenchmark() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int megabytes = Integer.parseInt(args[1]);
    int perSecond = Integer.parseInt(args[2]);
    List<String> settings =
        new ArrayList<>(List.of("partitions = 1", "raft.election-timeout = 1s"));
    settings.addAll(Arrays.asList(args).subList(3, args.length));
    try (StoreCluster cluster = StoreCluster.of(3, directory, settings.toArray(String[]::new))) {
      fill(cluster.leader(0), megabytes);
      print("filled with %d MB", megabytes);
      Store leader = cluster.leader(0);
      int node = cluster.number(leader) % 3 + 1;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(USUAL_SECONDS);
      List<Long> usual = measure(leader, perSecond, () -> System.nanoTime() >= end);
      print("usual:          %s", percentiles(usual));
      cluster.stop(node);
      ReplicaDirectory.delete(directory.resolve(StoreCluster.name(node)).resolve("raft"));
      long without = System.nanoTime() + TimeUnit.SECONDS.toNanos(USUAL_SECONDS / 2);
      print(
          "one away:       %s",
          percentiles(measure(leader, perSecond, () -> System.nanoTime() >= without)));
      long begin = System.nanoTime();
      Store wiped = cluster.open(node);
      cluster.all().forEach(store -> store.know(cluster.peers(1, 2, 3)));
      List<Long> during = measure(leader, perSecond, () -> isWhole(leader, wiped, node));
      print(
          "rejoining:      %s, whole again after %d s",
          percentiles(during), TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
      print("disk of the replica: %d MB", wiped.partition(0).directory().bytes() >> 20);
    }
    try (var files = Files.list(directory)) {
      print("%d nodes", files.count());
    }
  }

  private static boolean isWhole(Store leader, Store wiped, int node) {
    PartitionStatus status = leader.status().get(0);
    return wiped.status().get(0).transfer().isEmpty()
        && status.peers().size() == 3
        && status.followers().stream()
            .anyMatch(f -> f.node().equals(StoreCluster.name(node)) && f.lag() < 100);
  }

  private static void fill(Store leader, int megabytes) {
    Random random = new Random(1);
    Semaphore window = new Semaphore(32);
    for (int i = 0; i < megabytes * ((1 << 20) / FILL_BYTES); i++) {
      byte[] value = new byte[FILL_BYTES];
      random.nextBytes(value);
      window.acquireUninterruptibly();
      CompletionStage<Void> unused =
          leader
              .write(0, WriteBatch.builder().put(bytes(String.format("f%08d", i)), value).build())
              .whenComplete(
                  (written, failure) -> {
                    if (failure != null) {
                      print("a write failed: %s", failure);
                    }
                    window.release();
                  });
    }
    window.acquireUninterruptibly(32);
  }

  /** Writes at a steady rate, whatever the answers take, and returns what they took. */
  private static List<Long> measure(Store leader, int perSecond, BooleanSupplier isOver) {
    List<Long> took = java.util.Collections.synchronizedList(new ArrayList<>());
    AtomicLong underWay = new AtomicLong();
    Random random = new Random(2);
    long pause = TimeUnit.SECONDS.toNanos(1) / perSecond;
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    long next = System.nanoTime();
    long look = next;
    for (int i = 0; next < limit; i++) {
      if (next >= look) {
        if (isOver.getAsBoolean()) {
          break;
        }
        look = next + TimeUnit.MILLISECONDS.toNanos(100);
      }
      LockSupport.parkNanos(next - System.nanoTime());
      byte[] value = new byte[WRITE_BYTES];
      random.nextBytes(value);
      long begin = next;
      underWay.incrementAndGet();
      CompletionStage<Void> unused =
          leader
              .write(
                  0,
                  WriteBatch.builder()
                      .put(bytes(String.format("w%06d", i % 10_000)), value)
                      .build())
              .whenComplete(
                  (written, failure) -> {
                    took.add(failure == null ? System.nanoTime() - begin : Long.MAX_VALUE);
                    underWay.decrementAndGet();
                  });
      next += pause;
    }
    while (underWay.get() > 0) {
      LockSupport.parkNanos(1_000_000);
    }
    return took;
  }

  private static String percentiles(List<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "%d writes, p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, worst %.1f ms",
        sorted.length,
        sorted[sorted.length / 2] / 1e6,
        sorted[sorted.length * 9 / 10] / 1e6,
        sorted[sorted.length * 99 / 100] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
