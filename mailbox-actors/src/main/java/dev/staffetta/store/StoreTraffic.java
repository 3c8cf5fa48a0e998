package dev.staffetta.store;

import java.util.Collection;

/**
 * What a node's store has done since it was opened. Only grows.
 *
 * @param answeredEntries of the log that this node wrote and has heard of
 * @param nanosToAnswer from an entry's way into the log to its answer, of all of them
 * @param appliedBytes of entries that were applied to the replicas here, whoever wrote them
 */
public record StoreTraffic(long answeredEntries, long nanosToAnswer, long appliedBytes) {
  static StoreTraffic sum(Collection<StoreTraffic> all) {
    return new StoreTraffic(
        all.stream().mapToLong(StoreTraffic::answeredEntries).sum(),
        all.stream().mapToLong(StoreTraffic::nanosToAnswer).sum(),
        all.stream().mapToLong(StoreTraffic::appliedBytes).sum());
  }
}
