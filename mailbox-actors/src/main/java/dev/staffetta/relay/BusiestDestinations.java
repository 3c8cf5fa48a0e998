package dev.staffetta.relay;

import dev.staffetta.relay.DestinationTally.Counters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counters of the destinations that most mail goes to; all others are one. For any thread.
 *
 * <p>Who mails decides how many destinations there are, so that not each can have a time series. A
 * destination that becomes busy is counted by itself from then on, and no more with the others: no
 * counter ever falls. One that is busy no more loses its series.
 */
final class BusiestDestinations {
  /** The label of those that have none of their own; no domain has parentheses. */
  static final String OTHERS = "(other)";

  /** So many are looked at; what is beyond them in a few minutes is hardly busy. */
  private static final int MOST_TRACKED = 10_000;

  /** A review a minute: half is forgotten after seven. */
  private static final double KEPT_BY_A_REVIEW = 0.9;

  /** So much busier a destination is than the one whose place it takes, lest they take turns. */
  private static final double BUSIER = 2;

  /** One attempt is forgotten after three quarters of an hour. */
  private static final double FORGOTTEN_BELOW = 0.01;

  private final MeterRegistry registry;
  private final int most;
  private final Map<String, DestinationTally> tallies = new ConcurrentHashMap<>();

  /** Those with counters of their own; guarded by this. */
  private final Set<DestinationTally> shown = new HashSet<>();

  private final DestinationTally others;

  /**
   * None is known yet.
   *
   * @param most destinations with counters of their own
   */
  BusiestDestinations(MeterRegistry registry, int most) {
    this.registry = registry;
    this.most = most;
    this.others = new DestinationTally(OTHERS, Counters.of(registry, OTHERS)).stale();
  }

  /** What counts a destination, to be kept until it is stale. */
  DestinationTally of(String destination) {
    DestinationTally known = tallies.get(destination);
    return known != null || tallies.size() >= MOST_TRACKED
        ? known == null ? others : known
        : fresh(destination);
  }

  private synchronized DestinationTally fresh(String destination) {
    DestinationTally tally =
        tallies.computeIfAbsent(destination, name -> new DestinationTally(name, others.counters()));
    if (shown.size() < most) {
      show(tally);
    }
    return tally;
  }

  private void show(DestinationTally tally) {
    if (shown.add(tally)) {
      tally.countBy(Counters.of(registry, tally.destination));
    }
  }

  /** An increment that is under way is lost with its counter. */
  private void hide(DestinationTally tally) {
    shown.remove(tally);
    Counters own = tally.counters();
    tally.countBy(others.counters());
    own.remove(registry);
  }

  /** Once a minute: gives the busiest their own counters, and forgets who is silent. */
  synchronized void review() {
    tallies.values().forEach(tally -> tally.review(KEPT_BY_A_REVIEW));
    Comparator<DestinationTally> byScore = Comparator.comparingDouble(DestinationTally::score);
    Deque<DestinationTally> idlest = new ArrayDeque<>(shown.stream().sorted(byScore).toList());
    List<DestinationTally> busiest =
        tallies.values().stream()
            .filter(tally -> !shown.contains(tally))
            .sorted(byScore.reversed())
            .limit(most)
            .toList();
    for (DestinationTally busy : busiest) {
      if (idlest.isEmpty() || busy.score() <= idlest.peek().score() * BUSIER) {
        break;
      }
      hide(idlest.remove());
      show(busy);
    }
    for (Iterator<DestinationTally> all = tallies.values().iterator(); all.hasNext(); ) {
      DestinationTally tally = all.next();
      if (tally.score() < FORGOTTEN_BELOW && !shown.contains(tally)) {
        all.remove();
        tally.stale();
      }
    }
  }
}
