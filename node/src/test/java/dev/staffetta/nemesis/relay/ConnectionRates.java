package dev.staffetta.nemesis.relay;

import dev.staffetta.nemesis.relay.RelayRecord.Connected;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** How often destinations were connected to. */
record ConnectionRates(List<Connected> connections) {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  ConnectionRates {
    connections = List.copyOf(connections);
  }

  /** The most in a second to all destinations together, in a time. */
  int peak(long fromNanos, long toNanos) {
    return most(count(fromNanos, toNanos, c -> true, c -> ""));
  }

  /** The most in a second to any one of some destinations, in a time. */
  int peakOfOne(long fromNanos, long toNanos, Predicate<String> domains) {
    return most(count(fromNanos, toNanos, c -> domains.test(c.domain()), Connected::domain));
  }

  private interface Name {
    String of(Connected connected);
  }

  private Map<String, Integer> count(
      long fromNanos, long toNanos, Predicate<Connected> which, Name name) {
    Map<String, Integer> counts = new HashMap<>();
    for (Connected connected : connections) {
      long after = connected.nanos() - fromNanos;
      if (after >= 0 && connected.nanos() - toNanos < 0 && which.test(connected)) {
        counts.merge(name.of(connected) + " " + after / SECOND, 1, Integer::sum);
      }
    }
    return counts;
  }

  private static int most(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(count -> count).max().orElse(0);
  }
}
