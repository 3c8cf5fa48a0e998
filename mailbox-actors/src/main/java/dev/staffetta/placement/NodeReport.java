package dev.staffetta.placement;

import dev.staffetta.store.PartitionStatus;
import dev.staffetta.store.StorePeer;
import java.util.List;

/**
 * How a node says that it stands.
 *
 * @param state what it was last told that is wanted of it
 * @param heard number of the last orders that it has had
 * @param isStopping it is about to leave, perhaps to come again
 * @param hasRoom its disk takes more
 * @param space on its disk
 * @param disk in a word
 * @param partitions each of the cluster's, whether it has a replica or not
 * @param running steps it has begun and not finished
 * @param progress of the replicas that are being copied to it
 */
public record NodeReport(
    StorePeer peer,
    NodeState state,
    long heard,
    boolean isStopping,
    boolean hasRoom,
    Space space,
    String disk,
    String version,
    long pid,
    long uptimeSeconds,
    List<PartitionStatus> partitions,
    List<Step> running,
    List<Progress> progress) {
  public NodeReport {
    partitions = List.copyOf(partitions);
    running = List.copyOf(running);
    progress = List.copyOf(progress);
  }

  /**
   * On a disk.
   *
   * @param freeBytes 0: not known
   * @param totalBytes used and free; 0: not known
   * @param roomBytes of partitions that may still come
   */
  public record Space(long freeBytes, long totalBytes, long roomBytes) {}

  /**
   * A replica that is being copied.
   *
   * @param ofBytes in all; 0: not known
   * @param secondsLeft at the speed so far; -1: not known
   */
  public record Progress(int partition, long bytes, long ofBytes, long secondsLeft) {}

  /** Its name. */
  public String node() {
    return peer.node();
  }
}
