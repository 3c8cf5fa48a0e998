package dev.staffetta.placement;

import dev.staffetta.placement.ClusterView.NodeView;
import dev.staffetta.placement.ClusterView.PartitionView;
import java.util.HashMap;
import java.util.Map;

/**
 * Which nodes have room on their disks for which replicas, beside those that are on their way or
 * about to be. Belongs to one plan.
 */
final class Rooms {
  private final ClusterView view;

  /** What is still to come to each node, by partition. */
  private final Map<String, Map<Integer, Long>> promised = new HashMap<>();

  Rooms(ClusterView view) {
    this.view = view;
    for (PartitionView partition : view.partitions()) {
      // Replicas that wait to be taken in, or are just being so.
      view.nodes().values().stream()
          .filter(node -> node.holds().containsKey(partition.number()))
          .filter(node -> !partition.members().contains(node.name()))
          .forEach(node -> promise(partition, node.name()));
    }
    view.running().stream()
        .filter(step -> step instanceof Step.AddReplica)
        .forEach(step -> promise(view.partitions().get(step.partition()), step.node()));
  }

  /** A node is to get a replica. */
  void promise(PartitionView partition, String node) {
    long missing = missing(partition, node);
    if (missing > 0) {
      promised.computeIfAbsent(node, n -> new HashMap<>()).put(partition.number(), missing);
    }
  }

  /** Whether a replica fits on a node, beside all that is promised to it. */
  boolean fits(PartitionView partition, String node) {
    long missing = missing(partition, node);
    return missing == 0 || missing + others(partition, node) <= view.nodes().get(node).roomBytes();
  }

  private long others(PartitionView partition, String node) {
    return promised.getOrDefault(node, Map.of()).entrySet().stream()
        .filter(other -> other.getKey() != partition.number())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Of what a replica has, the node may have some already. */
  private long missing(PartitionView partition, String node) {
    NodeView there = view.nodes().get(node);
    long has = there == null ? 0 : there.holds().getOrDefault(partition.number(), 0L);
    return Math.max(0, partition.bytes() - has);
  }
}
