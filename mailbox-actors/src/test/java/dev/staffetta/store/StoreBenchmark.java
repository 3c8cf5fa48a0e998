package dev.staffetta.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Prints what writes cost. Not a test: run its {@code main} with a directory and, if other than the
 * default, how many partitions.
 */
final class StoreBenchmark {
  private static final long SECONDS = 4;

  private StoreBenchmark() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int partitions = args.length > 1 ? Integer.parseInt(args[1]) : 8;
    Files.createDirectories(directory);
    String setting = "partitions = " + partitions;
    long start = System.nanoTime();
    Store fresh = Stores.at(directory, setting).open();
    print("fresh start: %d ms", millisSince(start));
    fresh.close();
    start = System.nanoTime();
    Store store = Stores.at(directory, setting).open();
    print("start again: %d ms, %d threads", millisSince(start), Thread.activeCount());
    run(store, 1024, 64, 2);
    for (int bytes : new int[] {1 << 10, 20 << 10}) {
      for (int outstanding : new int[] {1, 64, 256, 1024}) {
        run(store, bytes, outstanding, SECONDS);
      }
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    print("heap in use: %d MiB", (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    start = System.nanoTime();
    store.close();
    print("close: %d ms", millisSince(start));
    start = System.nanoTime();
    Stores.at(directory, setting).open().close();
    print("start with data, and close: %d ms", millisSince(start));
  }

  private static void run(Store store, int bytes, int outstanding, long seconds)
      throws InterruptedException {
    byte[] value = new byte[bytes];
    new Random(1).nextBytes(value);
    Semaphore free = new Semaphore(outstanding);
    AtomicInteger failed = new AtomicInteger();
    long before = entries(store);
    long[] latencies = new long[4_000_000];
    AtomicInteger done = new AtomicInteger();
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    for (int n = 0; System.nanoTime() < end; n++) {
      free.acquire();
      long sent = System.nanoTime();
      byte[] key = Keys.event("Bench|" + n % 1000, n);
      store
          .write(n % store.partitions(), WriteBatch.builder().put(key, value).build())
          .whenComplete(
              (ok, failure) -> {
                if (failure != null) {
                  failed.incrementAndGet();
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
        "%5d bytes, %4d outstanding: %6.0f writes/s, p50 %.1f ms, p99 %.1f ms, %.2f entries a write"
            + ", %d failed",
        bytes,
        outstanding,
        count / took,
        latencies[count / 2] / 1e6,
        latencies[count * 99 / 100] / 1e6,
        (entries(store) - before) / (double) count,
        failed.get());
  }

  private static long entries(Store store) {
    return store.status().stream().mapToLong(PartitionStatus::entries).sum();
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
