package dev.staffetta.relay;

import dev.staffetta.relay.RelayQueueCommand.Size;
import dev.staffetta.relay.RelayQueueCommand.Sizes;
import dev.staffetta.store.Store;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToLongFunction;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much waits in the queues whose partitions this node leads: all nodes together tell of all
 * mail. It is read from the store now and then, off any dispatcher's thread, and the longer that
 * takes the more seldom; a scrape reads nothing.
 */
final class QueueGauges {
  private static final Logger log = LoggerFactory.getLogger(QueueGauges.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(5);

  /** So many times as long as the reading took is the pause after it. */
  private static final int PAUSES_A_READING = 20;

  private final ActorSystem<?> system;
  private final Store store;
  private final Clock clock;
  private final int busiest;
  private final MultiGauge messagesByDestination;
  private final MultiGauge agesByDestination;

  /** By partition; replaced as a whole. */
  private volatile Map<Integer, Sizes> sizes = Map.of();

  private QueueGauges(
      ActorSystem<?> system, Store store, Clock clock, MeterRegistry registry, int busiest) {
    this.system = system;
    this.store = store;
    this.clock = clock;
    this.busiest = busiest;
    gauge(registry, "messages", "Messages that wait", Size::waiting);
    gauge(registry, "recipients", "Recipients that wait", Size::recipients);
    gauge(registry, "held", "Messages that an administrator holds", Size::held);
    Gauge.builder("staffetta.relay.queue.destinations", this, QueueGauges::destinations)
        .description("Destinations that mail waits for")
        .register(registry);
    Gauge.builder("staffetta.relay.queue.oldest", this, all -> all.age(all.all()))
        .description("Since the oldest message that waits was accepted; 0: none waits")
        .baseUnit("seconds")
        .register(registry);
    this.messagesByDestination =
        MultiGauge.builder("staffetta.relay.queue.destination.messages")
            .description("Messages that wait for a destination, of those with most")
            .register(registry);
    this.agesByDestination =
        MultiGauge.builder("staffetta.relay.queue.destination.oldest")
            .description("Age of the oldest of them")
            .baseUnit("seconds")
            .register(registry);
  }

  /**
   * Reads for as long as the actor system runs.
   *
   * @param busiest destinations that are told by name
   */
  static void start(
      ActorSystem<?> system, Store store, Clock clock, MeterRegistry registry, int busiest) {
    new QueueGauges(system, store, clock, registry, busiest).read();
  }

  private void gauge(
      MeterRegistry registry, String name, String description, ToLongFunction<Size> value) {
    Gauge.builder(
            "staffetta.relay.queue." + name, this, all -> all.all().stream().mapToLong(value).sum())
        .description(description)
        .register(registry);
  }

  private List<Size> all() {
    return sizes.values().stream().map(Sizes::all).toList();
  }

  private long destinations() {
    return sizes.values().stream().mapToLong(Sizes::destinations).sum();
  }

  private double age(List<Size> all) {
    long now = clock.millis();
    return all.stream()
            .filter(size -> size.waiting() > 0)
            .mapToLong(size -> Math.max(0, now - size.oldestMillis()))
            .max()
            .orElse(0)
        / 1000.0;
  }

  private void read() {
    long begin = System.nanoTime();
    Map<Integer, Sizes> found = new HashMap<>();
    CompletionStage<Void> reading = CompletableFuture.completedStage(null);
    // One after the other: it takes no more than one of the store's readers from the sessions.
    for (int i = 0; i < store.partitions(); i++) {
      int partition = i;
      if (store.leads(partition)) {
        reading =
            reading
                .thenCompose(done -> store.read(partition, r -> new WaitingMail(r).sizes(busiest)))
                .handle(
                    (read, failure) -> {
                      if (failure == null) {
                        found.put(partition, read);
                      } else {
                        log.debug("how much waits in {} is not known now", partition, failure);
                      }
                      return null;
                    });
      }
    }
    var unused =
        reading.whenComplete(
            (done, failure) -> {
              show(found);
              Duration took = Duration.ofNanos(System.nanoTime() - begin);
              Duration pause = took.multipliedBy(PAUSES_A_READING);
              system
                  .scheduler()
                  .scheduleOnce(
                      pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause,
                      this::read,
                      system.executionContext());
            });
  }

  private void show(Map<Integer, Sizes> found) {
    sizes = Map.copyOf(found);
    List<Size> most = new ArrayList<>();
    found.values().forEach(of -> most.addAll(of.sizes()));
    most.sort(Comparator.comparingLong(Size::waiting).reversed());
    List<Size> named = most.subList(0, Math.min(busiest, most.size()));
    messagesByDestination.register(
        named.stream()
            .map(
                size ->
                    MultiGauge.Row.of(Tags.of("destination", size.destination()), size.waiting()))
            .toList(),
        true);
    agesByDestination.register(
        named.stream()
            .map(
                size ->
                    MultiGauge.Row.of(
                        Tags.of("destination", size.destination()), () -> age(List.of(size))))
            .toList(),
        true);
  }
}
