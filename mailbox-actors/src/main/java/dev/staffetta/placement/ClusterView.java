package dev.staffetta.placement;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How all nodes and partitions stand, as they say themselves: all that a plan depends on.
 *
 * @param nodes by name
 * @param running steps that nodes have been told and have not finished
 * @param mayEven whether leaders may be evened out now; they are moved one after the other
 */
public record ClusterView(
    SortedMap<String, NodeView> nodes,
    List<PartitionView> partitions,
    Set<Step> running,
    boolean mayEven) {
  public ClusterView {
    nodes = new TreeMap<>(nodes);
    partitions = List.copyOf(partitions);
    running = Set.copyOf(running);
  }

  /**
   * A node.
   *
   * @param isForced its removal goes on where only dead replicas would be left
   * @param isAlive it has reported of late
   * @param hasRoom its disk takes more, and it is not about to stop
   * @param roomBytes of partitions that may still come to its disk
   * @param holds partitions of which it has a replica that runs, whether it counts or not, with its
   *     bytes
   * @param ailing partitions of which it has a replica that cannot run
   * @param lost partitions of which it has had none that runs for a while
   */
  public record NodeView(
      String name,
      NodeState state,
      boolean isForced,
      boolean isAlive,
      boolean hasRoom,
      long roomBytes,
      Map<Integer, Long> holds,
      Set<Integer> ailing,
      Set<Integer> lost) {
    public NodeView {
      holds = Map.copyOf(holds);
      ailing = Set.copyOf(ailing);
      lost = Set.copyOf(lost);
    }

    boolean takesReplicas() {
      return state == NodeState.JOINED && isAlive && hasRoom;
    }

    boolean takesLeaders() {
      return takesReplicas();
    }
  }

  /**
   * A partition.
   *
   * @param leader empty: none is known, so nothing can be done for it
   * @param members the nodes that have replicas, as the leader says
   * @param moved those of them that are reached elsewhere than the group has written down
   * @param lags how many entries each follower is behind, as the leader says
   * @param bytes of one replica
   */
  public record PartitionView(
      int number,
      Optional<String> leader,
      List<String> members,
      Set<String> moved,
      Map<String, Long> lags,
      long bytes) {
    public PartitionView {
      members = List.copyOf(members);
      moved = Set.copyOf(moved);
      lags = Map.copyOf(lags);
    }
  }

  /** Whether a replica is there: its node lives and has it. */
  boolean lives(PartitionView partition, String node) {
    NodeView there = nodes.get(node);
    return there != null && there.isAlive() && there.holds().containsKey(partition.number());
  }

  /** Whether a node is there, and has lost the replica that it should have. */
  boolean isLost(PartitionView partition, String node) {
    NodeView there = nodes.get(node);
    return there != null && there.isAlive() && there.lost().contains(partition.number());
  }

  /** Whether more than half of some nodes have a replica that is there. */
  boolean hasMajority(PartitionView partition, List<String> members) {
    return members.stream().filter(node -> lives(partition, node)).count() * 2 > members.size();
  }

  /** What the administrator wants of a node; one that has not been heard of stays. */
  NodeState state(String node) {
    NodeView there = nodes.get(node);
    return there == null ? NodeState.JOINED : there.state();
  }

  boolean isAlive(String node) {
    return nodes.containsKey(node) && nodes.get(node).isAlive();
  }
}
