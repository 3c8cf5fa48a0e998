package dev.staffetta.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** How long each of many things took; filled by one thread, then joined with others'. */
final class Latencies {
  private long[] nanos = new long[1024];
  private int count;

  void add(long elapsedNanos) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count] = elapsedNanos;
    count++;
  }

  void addAll(Latencies other) {
    for (int i = 0; i < other.count; i++) {
      add(other.nanos[i]);
    }
  }

  int count() {
    return count;
  }

  /** {@code 1234/s, p50 1.2 ms, p99 9.8 ms, max 20.1 ms}. */
  String summary(Duration elapsed) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%,8.0f/s   p50 %.1f ms   p99 %.1f ms   max %.1f ms",
        count / (elapsed.toNanos() / 1e9),
        at(sorted, 0.50),
        at(sorted, 0.99),
        at(sorted, 1.0));
  }

  private static double at(long[] sorted, double quantile) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1L, Math.round(quantile * (sorted.length - 1)))]
            / 1e6;
  }
}
