package dev.staffetta.store;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the replicas of a node while it runs: opens again what has died, hands leaderships
 * away when the disk fills, measures what is on the disk. Of the timer's thread.
 */
final class Caretaker {
  private static final Logger log = LoggerFactory.getLogger(Caretaker.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** When a replica is opened again, and how long after that the next time. */
  private record Revival(long atNanos, Duration pause) {}

  private final List<Partition> partitions;
  private final Membership membership;
  private final Executor changing;
  private final Consumer<String> fatal;
  private final Map<Partition, Revival> revivals = new HashMap<>();

  /**
   * @param changing where groups are changed
   * @param fatal hears why the node must stop
   */
  Caretaker(
      List<Partition> partitions,
      Membership membership,
      Executor changing,
      Consumer<String> fatal) {
    this.partitions = partitions;
    this.membership = membership;
    this.changing = changing;
    this.fatal = fatal;
  }

  /** A replica that died stops the node only if no other node has one. */
  void checkLife() {
    for (Partition partition : partitions) {
      Optional<Replica> replica = partition.replica();
      replica
          .flatMap(Replica::ailment)
          .ifPresent(ailment -> ails(partition, replica.get(), ailment));
    }
  }

  private void ails(Partition partition, Replica replica, String ailment) {
    if (replica.isAlone()) {
      partition.abortWrites(ailment);
      fatal.accept(ailment);
      return;
    }
    if (partition.ailment().isEmpty()) {
      log.error("{}, other nodes have replicas: going on without it", ailment);
      partition.ails(Optional.of(ailment));
      partition.giveUpWrites(ailment);
    }
    revive(partition, replica);
  }

  /** Less and less often: it may have been told to go, or be damaged, and await replacement. */
  private void revive(Partition partition, Replica replica) {
    long now = System.nanoTime();
    Revival next =
        revivals.computeIfAbsent(
            partition, p -> new Revival(now + FIRST_PAUSE.toNanos(), FIRST_PAUSE));
    if (now - next.atNanos() > LONGEST_PAUSE.toNanos()) {
      // It was well for long.
      revivals.put(partition, new Revival(now + FIRST_PAUSE.toNanos(), FIRST_PAUSE));
      return;
    }
    if (now - next.atNanos() < 0 || !replica.isClosed() || partition.isDamaged()) {
      return;
    }
    Duration pause = next.pause().multipliedBy(2);
    Duration limited = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    revivals.put(partition, new Revival(now + limited.toNanos(), limited));
    changing.execute(
        () -> {
          if (partition.replica().filter(current -> current == replica).isEmpty()) {
            return;
          }
          log.warn("{} is opened again", partition);
          try {
            membership.reopen(partition);
          } catch (RuntimeException e) {
            log.error("{} cannot be opened again", partition, e);
          }
        });
  }

  /** Has others lead what this node leads, where there are others that keep up. */
  void handOver(String because) {
    for (Partition partition : partitions) {
      Optional<PartitionStatus.Follower> best =
          partition.replica().stream()
              .flatMap(replica -> replica.followers().stream())
              .min(Comparator.comparingLong(PartitionStatus.Follower::lag));
      best.ifPresent(follower -> handOver(partition, follower.node(), because));
    }
  }

  private void handOver(Partition partition, String node, String because) {
    log.warn("{}: handing {} over to {}", because, partition, node);
    changing.execute(
        () -> {
          try {
            var unused =
                membership
                    .transferLeadership(partition, node)
                    .whenComplete(
                        (done, failure) -> {
                          if (failure != null) {
                            log.warn("{} could not be handed over", partition, failure);
                          }
                        });
          } catch (RuntimeException e) {
            log.warn("{} could not be handed over", partition, e);
          }
        });
  }

  /** Looks how much each replica has on the disk. */
  void measure() {
    partitions.forEach(partition -> partition.replica().ifPresent(Replica::measure));
  }
}
