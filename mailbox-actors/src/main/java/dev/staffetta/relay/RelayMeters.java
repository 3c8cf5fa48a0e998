package dev.staffetta.relay;

import dev.staffetta.smtp.client.RecipientOutcome.Result;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a node measures of its mail for other servers; {@code docs/monitoring.md} says what each is
 * good for. For any thread: all are counters that are found once and kept.
 */
final class RelayMeters {
  private static final String RECIPIENTS = "staffetta.relay.recipients";
  private static final String CONNECT = "staffetta.relay.connect";
  private static final String TRANSACTION = "staffetta.relay.transaction";

  /** From a write on a quick disk to the longest that a write may take. */
  private static final Duration[] OF_A_WRITE =
      millis(1, 2, 5, 10, 20, 50, 100, 250, 500, 1000, 2500, 10_000);

  /** From a neighbour to the patience of RFC 5321 4.5.3.2. */
  private static final Duration[] OF_A_SERVER =
      millis(10, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000);

  private final Counter delivered;
  private final Counter deferred;
  private final Map<BounceReason, Counter> bounced = new EnumMap<>(BounceReason.class);
  private final Map<Report.Kind, Counter> reports = new EnumMap<>(Report.Kind.class);
  private final Counter accepted;
  private final Counter reportsFailed;
  private final Timer connected;
  private final Timer notConnected;
  private final Timer answered;
  private final Timer lost;
  private final Timer window;
  private final BusiestDestinations destinations;

  /**
   * @param busiest destinations that are counted by name
   */
  RelayMeters(MeterRegistry registry, int busiest) {
    String recipients = "Recipients tried, by what came of it";
    this.delivered = counter(registry, RECIPIENTS, recipients, "result", "delivered");
    this.deferred = counter(registry, RECIPIENTS, recipients, "result", "deferred");
    for (BounceReason reason : BounceReason.values()) {
      bounced.put(
          reason,
          counter(
              registry,
              "staffetta.relay.bounces",
              "Recipients that were given up, by reason",
              "reason",
              reason.label()));
    }
    for (Report.Kind kind : Report.Kind.values()) {
      reports.put(
          kind,
          counter(
              registry,
              "staffetta.relay.reports",
              "Reports to senders that were sent",
              "kind",
              kind.name().toLowerCase(Locale.ROOT)));
    }
    this.reportsFailed =
        Counter.builder("staffetta.relay.reports.failed")
            .description("Attempts to send a report that failed, and are repeated")
            .register(registry);
    this.accepted =
        Counter.builder("staffetta.relay.accepted")
            .description("Messages taken into the queues, once for each destination")
            .register(registry);
    String connect = "From the search for a way to a connection that takes mail, or none";
    this.connected = timer(registry, CONNECT, connect, "opened", OF_A_SERVER);
    this.notConnected = timer(registry, CONNECT, connect, "failed", OF_A_SERVER);
    String transaction = "One message over an open connection, to the last answer";
    this.answered = timer(registry, TRANSACTION, transaction, "answered", OF_A_SERVER);
    this.lost = timer(registry, TRANSACTION, transaction, "lost", OF_A_SERVER);
    this.window =
        Timer.builder("staffetta.relay.duplicate.window")
            .description("From a destination's 250 to its durable record (RFC 1047)")
            .serviceLevelObjectives(OF_A_WRITE)
            .register(registry);
    this.destinations = new BusiestDestinations(registry, busiest);
  }

  private static Counter counter(
      MeterRegistry registry, String name, String description, String tag, String value) {
    return Counter.builder(name).description(description).tag(tag, value).register(registry);
  }

  private static Timer timer(
      MeterRegistry registry, String name, String description, String result, Duration[] buckets) {
    return Timer.builder(name)
        .description(description)
        .tag("result", result)
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  private static Duration[] millis(long... values) {
    return java.util.Arrays.stream(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }

  /** Of the connections of a node. */
  static void connections(MeterRegistry registry, ConnectionLimits limits) {
    for (ConnectionLimits.Standing standing : ConnectionLimits.Standing.values()) {
      Gauge.builder("staffetta.relay.connections", limits, all -> all.open(standing))
          .description("Connections to other servers, open or being opened")
          .tag("destination", standing.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    Gauge.builder("staffetta.relay.connections.max", limits, ConnectionLimits::most)
        .description("Connections to other servers that there may be")
        .register(registry);
  }

  BusiestDestinations destinations() {
    return destinations;
  }

  /** A message is in a queue. */
  void accepted() {
    accepted.increment();
  }

  /** What was {@code before} is {@code after}, durably. */
  void changed(QueueItem before, QueueItem after, Destination to) {
    List<RecipientState> was = before.recipients();
    List<RecipientState> is = after.recipients();
    for (int i = 0; i < was.size(); i++) {
      if (was.get(i).isWaiting()) {
        changed(was.get(i), is.get(i), to);
      }
    }
  }

  private void changed(RecipientState was, RecipientState is, Destination to) {
    switch (is.stage()) {
      case DELIVERED -> {
        delivered.increment();
        tally(to).delivered();
      }
      case FAILED -> {
        bounced.get(BounceReason.of(is)).increment();
        tally(to).bounced();
      }
      case WAITING -> {
        // Otherwise it was held, released, or is to be tried at once.
        if (!is.lastAttempt().equals(was.lastAttempt())) {
          deferred.increment();
          tally(to).deferred();
        }
      }
    }
  }

  /** It is found anew when it is stale only. */
  private DestinationTally tally(Destination to) {
    Optional<DestinationTally> kept = to.tally.filter(tally -> !tally.isStale());
    if (kept.isPresent()) {
      return kept.get();
    }
    DestinationTally found = destinations.of(to.name);
    to.tally = Optional.of(found);
    return found;
  }

  /** A report was sent. */
  void reported(Report.Kind kind) {
    reports.get(kind).increment();
  }

  /** Reports on a message were not, or not all. */
  void notReported() {
    reportsFailed.increment();
  }

  /** A connection takes mail, or did not come about. */
  void connected(boolean isOpen, Duration after) {
    (isOpen ? connected : notConnected).record(after);
  }

  /** A message was sent over a connection, or this was lost. */
  void sent(boolean isAnswered, Duration after) {
    (isAnswered ? answered : lost).record(after);
  }

  /** What was answered is durable. */
  void recorded(RelayProgress.AttemptedSend attempt) {
    if (attempt.outcomes().stream().anyMatch(o -> o.result() == Result.DELIVERED)) {
      window.record(Duration.ofNanos(System.nanoTime() - attempt.readAtNanos()));
    }
  }
}
