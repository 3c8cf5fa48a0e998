package dev.staffetta.cluster;

import dev.staffetta.store.PartitionStatus;
import dev.staffetta.store.Store;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives away what a node leads, before it stops: so the others need not find out that it is gone,
 * and what lives on it moves while it can still help. What cannot be given away in time is taken
 * from it by an election, a second or two later.
 */
public final class Handover {
  private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

  /** Between a look and the next, for what came back meanwhile or could not be given away. */
  private static final long PAUSE_MILLIS = 200;

  private final Store store;
  private final long deadline;

  /** What was taken. If it comes back, the other node stops as well, and it would go to and fro. */
  private final Set<Integer> taken = ConcurrentHashMap.newKeySet();

  private Handover(Store store, Duration within) {
    this.store = store;
    this.deadline = System.nanoTime() + within.toNanos();
  }

  /**
   * Completes when this node leads nothing that another could, or the time is over; never fails.
   */
  public static CompletionStage<Void> of(Store store, Duration within) {
    return new Handover(store, within).round();
  }

  private CompletionStage<Void> round() {
    List<PartitionStatus> led =
        store.status().stream()
            .filter(PartitionStatus::leads)
            .filter(partition -> !partition.followers().isEmpty())
            .filter(partition -> !taken.contains(partition.partition()))
            .toList();
    if (led.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    if (System.nanoTime() > deadline) {
      LOG.info("{} partitions could not be handed over in time", led.size());
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<?>[] given =
        led.stream()
            .map(partition -> give(partition).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(given)
        .completeOnTimeout(null, Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
        .thenComposeAsync(
            all -> round(), CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
  }

  /** To the follower that has most. */
  private CompletionStage<Void> give(PartitionStatus partition) {
    String heir =
        partition.followers().stream()
            .min(Comparator.comparingLong(PartitionStatus.Follower::lag))
            .orElseThrow()
            .node();
    return store
        .transferLeadership(partition.partition(), heir)
        .handle(
            (done, failure) -> {
              if (failure == null) {
                taken.add(partition.partition());
              } else {
                LOG.debug("partition {} was not taken by {}", partition.partition(), heir, failure);
              }
              return null;
            });
  }
}
