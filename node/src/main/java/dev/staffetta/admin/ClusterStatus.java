package dev.staffetta.admin;

import java.util.List;
import java.util.Optional;

/**
 * How a cluster stands, as one of its nodes sees it.
 *
 * @param nodes the members, and those that are away
 * @param spread how evenly what there is lies on the nodes that are up; none: none is
 * @param partitions by number
 * @param listeners of the node that was asked
 * @param moves what is being moved
 * @param queue what waits for other servers; none: nobody can tell now
 */
public record ClusterStatus(
    List<NodeStatus> nodes,
    List<SpreadStatus> spread,
    List<PartitionStatus> partitions,
    List<ListenerStatus> listeners,
    List<MoveStatus> moves,
    Optional<QueueStatus> queue) {
  public ClusterStatus {
    nodes = List.copyOf(nodes);
    spread = List.copyOf(spread);
    partitions = List.copyOf(partitions);
    listeners = List.copyOf(listeners);
    moves = List.copyOf(moves);
  }

  /**
   * A node.
   *
   * @param state up, or what else it is
   * @param wanted what an administrator wants of it: joined, draining, removing, removed; unknown
   *     while nobody can tell
   * @param member its status in the actors' cluster; none: it is not in it
   * @param reachable whether the other members hear of it
   * @param version of the software
   * @param pid of its process on its machine
   * @param uptimeSeconds since its start
   * @param leads partitions that it leads
   * @param replicas partitions that it has a replica of
   * @param bytes of its replicas on its disk
   * @param freeBytes on that disk; 0: not known
   * @param totalBytes of that disk, used and free
   * @param roomBytes of partitions that may still come to it
   */
  public record NodeStatus(
      String name,
      String state,
      String wanted,
      String member,
      boolean reachable,
      String version,
      long pid,
      long uptimeSeconds,
      int leads,
      int replicas,
      long bytes,
      long freeBytes,
      long totalBytes,
      long roomBytes) {}

  /**
   * How much of something the node has that has most.
   *
   * @param of replicas, leads, bytes
   * @param most of one node
   * @param node which
   * @param mean of all nodes
   * @param overMean by how many hundredths of the mean it has more
   */
  public record SpreadStatus(String of, long most, String node, double mean, double overMean) {}

  /**
   * A slice of the store.
   *
   * @param leader name of the node that leads it; {@code none} while there is none
   * @param state ready, or why it takes no writes
   * @param term Raft's
   * @param appliedIndex of the last write that the leader has applied, or who else can tell
   * @param lag writes that the replica furthest behind has still to take
   * @param bytes of the leader's replica on its disk
   * @param replicas each of them
   */
  public record PartitionStatus(
      int number,
      String leader,
      String state,
      long term,
      long appliedIndex,
      long lag,
      long bytes,
      List<ReplicaStatus> replicas) {
    public PartitionStatus {
      replicas = List.copyOf(replicas);
    }
  }

  /**
   * A copy of a partition.
   *
   * @param state ready, or what is wrong with it
   * @param lag writes that it has still to take, as the leader says; -1: not known
   */
  public record ReplicaStatus(String node, String state, long appliedIndex, long lag, long bytes) {}

  /**
   * Something that is on its way.
   *
   * @param what in words
   * @param bytes copied so far
   * @param ofBytes in all; 0: not known, or nothing is copied
   * @param secondsLeft at the speed so far; -1: not known
   */
  public record MoveStatus(
      int partition, String node, String what, long bytes, long ofBytes, long secondsLeft) {}

  /**
   * Mail that waits for other servers.
   *
   * @param messages one for several destinations counts for each of them
   * @param oldestSeconds how long the oldest has waited; 0: nothing waits
   * @param top the destinations with most messages
   * @param silent queues that did not answer; what is in them is not counted
   */
  public record QueueStatus(
      long messages,
      long recipients,
      long held,
      long oldestSeconds,
      long destinations,
      List<DestinationStatus> top,
      int silent) {
    public QueueStatus {
      top = List.copyOf(top);
    }
  }

  /** Mail that waits for one destination. */
  public record DestinationStatus(
      String destination, long messages, long recipients, long held, long oldestSeconds) {}

  /**
   * A port.
   *
   * @param host an address; {@code *}: all of the machine
   * @param tls starttls or implicit
   * @param connections open now
   */
  public record ListenerStatus(
      String node, String name, String host, int port, String tls, long connections) {}
}
