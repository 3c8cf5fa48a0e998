package dev.staffetta.relay;

import dev.staffetta.ports.ContentId;
import dev.staffetta.relay.RelayQueueCommand.Loaded;
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
      if (to.failure.isPresent() || now >= to.restsUntilMillis) {
        load(to, now);
      }
      if (to.failure.isEmpty() && now >= to.restsUntilMillis && connections.connect(to)) {
        served.add(to.name);
      }
      long wakes = to.ready.isEmpty() ? to.nextDueMillis : now + SHORTEST_SLEEP.toMillis();
      if (!to.connections.isEmpty() && !to.ready.isEmpty()) {
        wakes = to.nextDueMillis;
      }
      next = Math.min(next, Math.max(wakes, to.restsUntilMillis));
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

  private void load(Destination to, long now) {
    boolean isDue = to.nextDueMillis <= now || (to.isBack && to.nextDueMillis != QueueKeys.HELD);
    if (to.isLoading || !isDue || to.ready.size() >= PAGE) {
      return;
    }
    to.isLoading = true;
    to.nextDueMillis = Long.MAX_VALUE;
    Set<ContentId> without = Set.copyOf(to.busy);
    boolean isBack = to.isBack;
    work.context()
        .pipeToSelf(
            work.read(mail -> mail.due(to.name, Instant.ofEpochMilli(now), without, isBack, PAGE)),
            (due, failure) ->
                failure == null
                    ? new Loaded(to.name, due.items(), due.nextDueMillis(), false)
                    : new Loaded(to.name, List.of(), now, true));
  }

  void onLoaded(Loaded loaded) {
    Destination to = destinations.get(loaded.destination());
    to.isLoading = false;
    if (to.isStale) {
      to.isStale = false;
      to.nextDueMillis = 0;
      destinations.pumpSoon();
      return;
    }
    to.nextDueMillis = Math.min(to.nextDueMillis, loaded.nextDueMillis());
    if (loaded.isFailed()) {
      to.restsUntilMillis = work.millis() + 1000;
    } else if (loaded.items().isEmpty()) {
      to.isBack = false;
      if (to.failure.isPresent() && loaded.nextDueMillis() > work.millis()) {
        to.failure = Optional.empty();
      }
    }
    for (QueueItem item : loaded.items()) {
      if (!to.busy.add(item.id())) {
        continue;
      }
      if (item.hasReportsDue()) {
        reports.send(item);
      } else if (to.failure.isPresent()) {
        connections.putOff(item, to.failure.get());
      } else {
        to.ready.add(item);
      }
    }
    connections.serveIdle(to);
    destinations.pumpSoon();
  }
}
