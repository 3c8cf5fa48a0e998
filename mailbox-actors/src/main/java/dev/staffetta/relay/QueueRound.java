package dev.staffetta.relay;

import dev.staffetta.relay.RelayQueueCommand.Loaded;
import dev.staffetta.relay.RelayQueueCommand.NoWay;
import dev.staffetta.relay.RelayQueueCommand.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Goes round the destinations: reads what is due, and has connections opened for it. */
final class QueueRound {
  private static final int PAGE = 50;
  private static final Duration LONGEST_SLEEP = Duration.ofHours(1);
  private static final Duration SHORTEST_SLEEP = Duration.ofMillis(250);

  private final QueueWork work;
  private final Destinations destinations;
  private final QueueConnections connections;
  private final DueReports reports;

  QueueRound(
      QueueWork work, Destinations destinations, QueueConnections connections, DueReports reports) {
    this.work = work;
    this.destinations = destinations;
    this.connections = connections;
    this.reports = reports;
  }

  void pump() {
    long now = work.millis();
    long next = Long.MAX_VALUE;
    List<String> served = new ArrayList<>();
    for (Destination to : destinations.all()) {
      boolean rests = now < to.restsUntilMillis;
      if (to.failure.isPresent() || !rests) {
        load(to, now);
      }
      if (to.failure.isEmpty() && !rests) {
        connections.serveIdle(to);
        if (connections.connect(to)) {
          served.add(to.name);
        }
      }
      next = Math.min(next, Math.max(wakes(to, now), to.restsUntilMillis));
    }
    // Those that got a connection come last next time.
    destinations.served(served);
    if (next < Long.MAX_VALUE) {
      work.timers()
          .startSingleTimer(
              Signal.PUMP,
              Signal.PUMP,
              Duration.ofMillis(
                  Math.min(
                      LONGEST_SLEEP.toMillis(), Math.max(SHORTEST_SLEEP.toMillis(), next - now))));
    }
  }

  /** When there is something to do for a destination, if nothing comes before. */
  private static long wakes(Destination to, long now) {
    long rateMillis = to.rate.waitMillis(now);
    if (!to.ready.isEmpty() && (to.connections.isEmpty() || rateMillis > 0)) {
      return now + Math.max(SHORTEST_SLEEP.toMillis(), rateMillis);
    }
    return Math.min(to.nextDueMillis, to.probeAtMillis);
  }

  private void load(Destination to, long now) {
    if (to.isLoading || to.ready.size() >= PAGE) {
      return;
    }
    boolean isDue =
        to.loadedTo.isPresent()
            || to.nextDueMillis <= now
            || (to.isBack && to.nextDueMillis != QueueKeys.HELD);
    boolean isProbe =
        !isDue && now >= to.probeAtMillis && to.ready.isEmpty() && to.connections.isEmpty();
    if (!isDue && !isProbe) {
      return;
    }
    to.isLoading = true;
    if (now >= to.probeAtMillis) {
      to.probeAtMillis = Long.MAX_VALUE;
    }
    // Looking for one to find out with says nothing of the others.
    if (to.loadedTo.isEmpty() && !isProbe) {
      to.nextDueMillis = Long.MAX_VALUE;
    }
    WaitingMail.Wanted wanted =
        new WaitingMail.Wanted(
            to.name,
            Instant.ofEpochMilli(now),
            to.loadedTo,
            Set.copyOf(to.busy),
            to.isBack || isProbe,
            isProbe ? 1 : PAGE);
    work.context()
        .pipeToSelf(
            work.read(mail -> mail.due(wanted)),
            (due, failure) ->
                failure == null
                    ? new Loaded(
                        to.name,
                        due.items(),
                        due.nextDueMillis(),
                        isProbe ? Optional.empty() : due.last(),
                        false)
                    : new Loaded(to.name, List.of(), now, Optional.empty(), true));
  }

  void onLoaded(Loaded loaded) {
    Destination to = destinations.get(loaded.destination());
    to.isLoading = false;
    to.loadedTo = loaded.last();
    if (to.isStale) {
      to.isStale = false;
      to.loadedTo = Optional.empty();
      to.nextDueMillis = 0;
      destinations.pumpSoon();
      return;
    }
    to.nextDueMillis = Math.min(to.nextDueMillis, loaded.nextDueMillis());
    Optional<NoWay> failure = to.failure;
    if (loaded.isFailed()) {
      to.restsUntilMillis = Math.max(to.restsUntilMillis, work.millis() + 1000);
    } else if (loaded.last().isEmpty()) {
      // All that is due, or waits for it, has been gone through.
      to.isBack = false;
      if (to.failure.isPresent() && to.nextDueMillis > work.millis()) {
        to.failure = Optional.empty();
      }
    }
    for (QueueItem item : loaded.items()) {
      if (!to.busy.add(item.id())) {
        continue;
      }
      if (item.hasReportsDue()) {
        reports.send(item);
      } else if (failure.isPresent()) {
        connections.putOff(item, failure.get(), true);
      } else {
        to.ready.add(item);
      }
    }
    connections.serveIdle(to);
    destinations.pumpSoon();
  }
}
