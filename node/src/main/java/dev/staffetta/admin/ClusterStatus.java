package dev.staffetta.admin;

import java.util.List;

/**
 * How a cluster stands, as one of its nodes sees it.
 *
 * @param nodes the members
 * @param partitions by number
 * @param listeners of the node that was asked
 */
public record ClusterStatus(
    List<NodeStatus> nodes, List<PartitionStatus> partitions, List<ListenerStatus> listeners) {
  public ClusterStatus {
    nodes = List.copyOf(nodes);
    partitions = List.copyOf(partitions);
    listeners = List.copyOf(listeners);
  }

  /**
   * A member.
   *
   * @param state up, or what else it is
   * @param version of the software
   * @param pid of its process on its machine
   * @param uptimeSeconds since its start
   */
  public record NodeStatus(
      String name, String state, String version, long pid, long uptimeSeconds) {}

  /**
   * A slice of the store.
   *
   * @param leader name of the node that leads it; {@code none} while there is none
   * @param state ready, or why it takes no writes
   * @param appliedIndex of the last write that the node asked has applied
   * @param lag writes that are committed and not yet applied here
   */
  public record PartitionStatus(
      int number, String leader, String state, long appliedIndex, long lag) {}

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
