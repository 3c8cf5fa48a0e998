package dev.staffetta.store;

import java.util.List;
import java.util.Optional;

/**
 * How a partition's replica on this node stands.
 *
 * @param hasReplica whether there is one that runs
 * @param ailment what keeps a replica that is on the disk here from running
 * @param peers the nodes that have replicas, as far as this one knows; none: it does not know
 * @param leader the node that leads, as far as this one knows
 * @param leads whether this node leads and is ready to write
 * @param followers how far the others are; only on the leader
 * @param term Raft's
 * @param appliedIndex of the last entry in LevelDB
 * @param committedIndex of the last entry that a majority has
 * @param diskBytes of the replica's files, looked at now and then
 * @param transfer the snapshot that is being received
 * @param entries that this node put into the log since it started
 * @param batches of writes in these entries
 * @param bytes in these entries
 * @param queuedBytes of writes that wait
 */
public record PartitionStatus(
    int partition,
    boolean hasReplica,
    Optional<String> ailment,
    List<StorePeer> peers,
    Optional<String> leader,
    boolean leads,
    List<Follower> followers,
    long term,
    long appliedIndex,
    long committedIndex,
    long diskBytes,
    Optional<Transfer> transfer,
    long entries,
    long batches,
    long bytes,
    long queuedBytes) {
  /**
   * How far a follower is.
   *
   * @param matchIndex of the last entry that it surely has on its disk
   * @param lag entries of the leader's log that it has not confirmed yet
   */
  public record Follower(String node, long matchIndex, long lag) {}

  /**
   * A snapshot on its way.
   *
   * @param bytes received so far
   * @param ofBytes in all; 0: not known yet
   */
  public record Transfer(long bytes, long ofBytes) {}

  public PartitionStatus {
    peers = List.copyOf(peers);
    followers = List.copyOf(followers);
  }

  /** How many entries this replica has still to apply. */
  public long lag() {
    return Math.max(0, committedIndex - appliedIndex);
  }
}
