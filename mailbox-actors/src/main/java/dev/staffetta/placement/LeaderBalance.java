package dev.staffetta.placement;

import dev.staffetta.placement.ClusterView.NodeView;
import dev.staffetta.placement.ClusterView.PartitionView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which leads are to go to another node, so that all nodes lead as much. Pure. */
final class LeaderBalance {
  private final Membership membership;

  /** Partitions whose lead may be moved. */
  private final List<PartitionView> movable;

  /** How many partitions each node leads that may lead. */
  private final Map<String, Integer> leads = new TreeMap<>();

  LeaderBalance(ClusterView view, Membership membership, List<PartitionView> movable) {
    this.membership = membership;
    this.movable = movable;
    view.nodes().values().stream()
        .filter(NodeView::takesLeaders)
        .forEach(node -> leads.put(node.name(), 0));
    view.partitions().stream()
        .flatMap(partition -> partition.leader().stream())
        .forEach(leader -> leads.computeIfPresent(leader, (node, count) -> count + 1));
  }

  /** The leads of nodes that are to lead nothing, each to whoever leads least. */
  List<Step> departures() {
    List<Step> steps = new ArrayList<>();
    for (PartitionView partition : movable) {
      String leader = partition.leader().orElseThrow();
      if (!leads.containsKey(leader)) {
        successors(partition)
            .min(Comparator.comparing(leads::get))
            .ifPresent(
                to -> {
                  leads.merge(to, 1, Integer::sum);
                  steps.add(new Step.TransferLeadership(partition.number(), leader, to));
                });
      }
    }
    return steps;
  }

  /**
   * One lead that is to go to another node, if some node leads two more than another one to which
   * one can be passed on, directly or over nodes between, whose number stays the same. The last of
   * such a chain goes first: so no node ever leads more than the one that led most.
   */
  Optional<Step> evening() {
    return leads.keySet().stream()
        .sorted(Comparator.<String, Integer>comparing(leads::get).reversed())
        .flatMap(node -> chainFrom(node).stream())
        .findFirst();
  }

  private Optional<Step> chainFrom(String most) {
    Map<String, Step.TransferLeadership> cameBy = new HashMap<>();
    Deque<String> next = new ArrayDeque<>(List.of(most));
    while (!next.isEmpty()) {
      String node = next.poll();
      if (leads.get(node) <= leads.get(most) - 2) {
        return Optional.of(cameBy.get(node));
      }
      for (PartitionView partition : movable) {
        if (partition.leader().equals(Optional.of(node))) {
          successors(partition)
              .filter(to -> !to.equals(most) && !cameBy.containsKey(to))
              .forEach(
                  to -> {
                    cameBy.put(to, new Step.TransferLeadership(partition.number(), node, to));
                    next.add(to);
                  });
        }
      }
    }
    return Optional.empty();
  }

  private java.util.stream.Stream<String> successors(PartitionView partition) {
    return partition.members().stream()
        .filter(node -> !partition.leader().equals(Optional.of(node)))
        .filter(node -> leads.containsKey(node) && membership.isClose(partition, node));
  }
}
