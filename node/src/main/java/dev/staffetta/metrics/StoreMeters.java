package dev.staffetta.metrics;

import dev.staffetta.store.DiskState;
import dev.staffetta.store.PartitionStatus;
import dev.staffetta.store.Store;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What a node's store tells of itself, asked for when it is read. By node and not by partition:
 * {@code staffetta status} names the partition once a number here is wrong.
 */
public final class StoreMeters implements MeterBinder {
  /** What is read together is of one moment. */
  private static final long SAME_MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Store store;
  private Moment last;

  private record Moment(long nanos, List<PartitionStatus> partitions) {}

  /** Of a store that is open. */
  public StoreMeters(Store store) {
    this.store = store;
    this.last = new Moment(System.nanoTime(), store.status());
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counter(
        registry,
        "entries",
        "Entries put into the Raft logs of led partitions",
        PartitionStatus::entries);
    counter(registry, "batches", "Batches of writes in these entries", PartitionStatus::batches);
    FunctionCounter.builder("staffetta.store.written", this, all -> all.sum(PartitionStatus::bytes))
        .description("Bytes in these entries")
        .baseUnit("bytes")
        .register(registry);
    FunctionTimer.builder(
            "staffetta.store.entry",
            store,
            all -> all.traffic().answeredEntries(),
            all -> all.traffic().nanosToAnswer(),
            TimeUnit.NANOSECONDS)
        .description("An entry's way into the logs of a majority, and its answer")
        .register(registry);
    FunctionCounter.builder("staffetta.store.applied", store, all -> all.traffic().appliedBytes())
        .description("Bytes of entries applied to the replicas here, whoever wrote them")
        .baseUnit("bytes")
        .register(registry);
    gauge(
        registry,
        "replicas",
        "Replicas that run here",
        all -> all.count(PartitionStatus::hasReplica));
    gauge(
        registry,
        "replicas.ailing",
        "Replicas on the disk here that cannot run",
        all -> all.count(partition -> partition.ailment().isPresent()));
    gauge(
        registry,
        "partitions.led",
        "Partitions that this node leads",
        all -> all.count(PartitionStatus::leads));
    gauge(
        registry,
        "partitions.leaderless",
        "Partitions with a replica here of which it knows no leader",
        all -> all.count(partition -> partition.hasReplica() && partition.leader().isEmpty()));
    gauge(
        registry,
        "lag.apply",
        "Entries that a majority has and that are not yet applied here, of the worst replica",
        all -> all.largest(PartitionStatus::lag));
    gauge(
        registry,
        "lag.follower",
        "Entries that a follower of a partition led here has not confirmed, of the worst one",
        all ->
            all.largest(
                partition ->
                    partition.followers().stream().mapToLong(f -> f.lag()).max().orElse(0)));
    Gauge.builder("staffetta.store.queued", this, all -> all.sum(PartitionStatus::queuedBytes))
        .description("Bytes of writes that wait for their turn")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("staffetta.store.disk", this, all -> all.sum(PartitionStatus::diskBytes))
        .description("Bytes of the replicas' files")
        .baseUnit("bytes")
        .register(registry);
    gauge(
        registry,
        "disk.state",
        "0: there is room; 1: nearly full, no new mail is taken; 2: full, the node stops",
        all -> number(all.store.diskState()));
  }

  private static int number(DiskState state) {
    return switch (state) {
      case ROOMY -> 0;
      case NEARLY_FULL -> 1;
      case FULL -> 2;
    };
  }

  private void counter(
      MeterRegistry registry,
      String name,
      String description,
      ToLongFunction<PartitionStatus> value) {
    FunctionCounter.builder("staffetta.store." + name, this, all -> all.sum(value))
        .description(description)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<StoreMeters> value) {
    Gauge.builder("staffetta.store." + name, this, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private double sum(ToLongFunction<PartitionStatus> value) {
    return partitions().stream().mapToLong(value).sum();
  }

  private double largest(ToLongFunction<PartitionStatus> value) {
    return partitions().stream().mapToLong(value).max().orElse(0);
  }

  private double count(java.util.function.Predicate<PartitionStatus> those) {
    return partitions().stream().filter(those).count();
  }

  private synchronized List<PartitionStatus> partitions() {
    long now = System.nanoTime();
    if (now - last.nanos() > SAME_MOMENT_NANOS) {
      last = new Moment(now, store.status());
    }
    return last.partitions();
  }
}
