package dev.staffetta.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/**
 * What has become of mail for one destination, for {@link BusiestDestinations}. Counted by any
 * thread; all else is done by its owner only, one thread at a time.
 */
final class DestinationTally {
  private static final String NAME = "staffetta.relay.destination.recipients";

  final String destination;

  /** Attempts since the last review. */
  private final LongAdder fresh = new LongAdder();

  private volatile Counters counters;

  /** Whether whoever holds it is to ask for the destination's again. */
  private volatile boolean isStale;

  /** Attempts, those of long ago counting little. */
  private double score;

  DestinationTally(String destination, Counters counters) {
    this.destination = destination;
    this.counters = counters;
  }

  /** The counters of one label. */
  record Counters(Counter delivered, Counter deferred, Counter bounced) {
    static Counters of(MeterRegistry registry, String label) {
      return new Counters(
          counter(registry, label, "delivered"),
          counter(registry, label, "deferred"),
          counter(registry, label, "bounced"));
    }

    private static Counter counter(MeterRegistry registry, String label, String result) {
      return Counter.builder(NAME)
          .description("Recipients tried, by what came of it, of the destinations with most")
          .tag("destination", label)
          .tag("result", result)
          .register(registry);
    }

    void remove(MeterRegistry registry) {
      registry.remove(delivered);
      registry.remove(deferred);
      registry.remove(bounced);
    }
  }

  void delivered() {
    fresh.increment();
    counters.delivered().increment();
  }

  void deferred() {
    fresh.increment();
    counters.deferred().increment();
  }

  void bounced() {
    fresh.increment();
    counters.bounced().increment();
  }

  boolean isStale() {
    return isStale;
  }

  /** Nobody gets it any more, or it is for all that have none of their own. */
  DestinationTally stale() {
    isStale = true;
    return this;
  }

  double score() {
    return score;
  }

  /** What came since the last time counts as a whole, what was before a little less. */
  void review(double kept) {
    score = score * kept + fresh.sumThenReset();
  }

  Counters counters() {
    return counters;
  }

  /** Counts there from now on. */
  void countBy(Counters others) {
    counters = others;
  }
}
