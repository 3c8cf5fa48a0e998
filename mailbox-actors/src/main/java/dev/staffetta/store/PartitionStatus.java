package dev.staffetta.store;

import java.util.Optional;

/**
 * How a partition's replica on this node stands.
 *
 * @param leader the node that leads, as far as this one knows
 * @param leads whether this node leads and is ready to write
 * @param term Raft's
 * @param appliedIndex of the last entry in LevelDB
 * @param committedIndex of the last entry that a majority has
 * @param entries that this node put into the log since it started
 * @param batches of writes in these entries
 * @param bytes in these entries
 * @param queuedBytes of writes that wait
 */
public record PartitionStatus(
    int partition,
    Optional<String> leader,
    boolean leads,
    long term,
    long appliedIndex,
    long committedIndex,
    long entries,
    long batches,
    long bytes,
    long queuedBytes) {
  /** How many entries this replica has still to apply. */
  public long lag() {
    return Math.max(0, committedIndex - appliedIndex);
  }
}
