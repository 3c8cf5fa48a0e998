package dev.staffetta.store;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * Prints what writes cost. Not a test: run its {@code main} with a directory and, if other than the
 * default, how many partitions and how many nodes, which all run in this process.
 */
final class StoreBenchmark {
  private static final long SECONDS = 4;

  private StoreBenchmark() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int partitions = args.length > 1 ? Integer.parseInt(args[1]) : 8;
    int nodes = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    Files.createDirectories(directory);
    String setting = "partitions = " + partitions;
    if (nodes == 1) {
      starts(directory, setting);
    }
    long start = System.nanoTime();
    try (StoreCluster cluster = StoreCluster.of(nodes, directory.resolve("cluster"), setting)) {
      spread(cluster);
      print("%d nodes after %d ms, %d threads", nodes, millisSince(start), Thread.activeCount());
      idle();
      run(cluster, 1024, 64, 2 * SECONDS);
      for (int bytes : new int[] {1 << 10, 20 << 10}) {
        for (int outstanding : new int[] {1, 64, 256, 1024}) {
          run(cluster, bytes, outstanding, SECONDS);
        }
      }
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      print(
          "heap in use: %d MiB, %d threads",
          (runtime.totalMemory() - runtime.freeMemory()) >> 20, Thread.activeCount());
      if (nodes > 1) {
        cluster.stop(nodes);
        for (int partition = 0; partition < partitions; partition++) {
          cluster.leader(partition);
        }
        run(cluster, 1024, 64, SECONDS);
      }
    }
  }

  private static void starts(Path directory, String setting) {
    for (String what : new String[] {"fresh start", "start again"}) {
      long start = System.nanoTime();
      Store store = Stores.at(directory.resolve("starts"), setting).open();
      print("%s: %d ms, %d threads", what, millisSince(start), Thread.activeCount());
      start = System.nanoTime();
      store.close();
      print("close: %d ms", millisSince(start));
    }
  }

  /** Each node leads as many partitions as the next, if it has to be told. */
  private static void spread(StoreCluster cluster) {
    int nodes = cluster.all().size();
    for (int partition = 0; partition < cluster.node(1).partitions(); partition++) {
      int to = 1 + partition % nodes;
      Stores.await(cluster.leader(partition).transferLeadership(partition, StoreCluster.name(to)));
      int number = partition;
      Awaitility.await().until(() -> cluster.node(to).leads(number));
    }
  }

  private static void idle() {
    long cpu = cpuNanos();
    long start = System.nanoTime();
    Awaitility.await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
    print("idle: %.1f %% of a processor", 100.0 * (cpuNanos() - cpu) / (System.nanoTime() - start));
  }

  private static void run(StoreCluster cluster, int bytes, int outstanding, long seconds)
      throws InterruptedException {
    byte[] value = new byte[bytes];
    new Random(1).nextBytes(value);
    int partitions = cluster.all().get(0).partitions();
    Store[] leaders = new Store[partitions];
    for (int partition = 0; partition < partitions; partition++) {
      leaders[partition] = cluster.leader(partition);
    }
    Semaphore free = new Semaphore(outstanding);
    Map<String, Integer> failed = new ConcurrentHashMap<>();
    long before = entries(cluster);
    long cpuBefore = cpuNanos();
    long[] latencies = new long[4_000_000];
    AtomicInteger done = new AtomicInteger();
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    for (int n = 0; System.nanoTime() < end; n++) {
      free.acquire();
      long sent = System.nanoTime();
      byte[] key = Keys.event("Bench|" + n % 1000, n);
      leaders[n % partitions]
          .write(n % partitions, WriteBatch.builder().put(key, value).build())
          .whenComplete(
              (ok, failure) -> {
                if (failure != null) {
                  failed.merge(String.valueOf(failure.getMessage()), 1, Integer::sum);
                }
                latencies[done.getAndIncrement()] = System.nanoTime() - sent;
                free.release();
              });
    }
    free.acquire(outstanding);
    double took = (System.nanoTime() - start) / 1e9;
    int count = done.get();
    Arrays.sort(latencies, 0, count);
    print(
        "%5d bytes, %4d outstanding: %6.0f writes/s, p50 %.1f ms, p99 %.1f ms, %.2f entries and"
            + " %.2f ms of processor a write, %.1f ms an entry, failed: %s",
        bytes,
        outstanding,
        count / took,
        latencies[count / 2] / 1e6,
        latencies[count * 99 / 100] / 1e6,
        (entries(cluster) - before) / (double) count,
        (cpuNanos() - cpuBefore) / 1e6 / count,
        (cpuNanos() - cpuBefore) / 1e6 / (entries(cluster) - before),
        failed);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long entries(StoreCluster cluster) {
    return cluster.all().stream()
        .flatMap(store -> store.status().stream())
        .mapToLong(PartitionStatus::entries)
        .sum();
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
