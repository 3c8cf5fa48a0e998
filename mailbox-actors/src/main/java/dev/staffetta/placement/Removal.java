package dev.staffetta.placement;

import dev.staffetta.placement.ClusterView.NodeView;
import dev.staffetta.placement.ClusterView.PartitionView;
import dev.staffetta.placement.PlacementCommand.ChangeNode;
import dev.staffetta.ports.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Whether a node may be drained or removed, and what it costs. Pure. */
final class Removal {
  private Removal() {}

  /** Whether no partition that can say so has a replica on a node. */
  static boolean isDone(ClusterView view, NodeRecord node) {
    boolean isAnywhere =
        view.partitions().stream().anyMatch(p -> p.members().contains(node.node()));
    boolean areAllKnown = view.partitions().stream().allMatch(p -> p.leader().isPresent());
    return !isAnywhere && (areAllKnown || node.isForced());
  }

  /**
   * What a change of a node comes to, in a line.
   *
   * @throws Refusal when it must not be
   */
  static String check(ClusterView view, NodeRecord node, ChangeNode command) {
    return switch (command.state()) {
      case JOINED -> node.node() + " takes its share of replicas and leads again";
      case DRAINING -> drain(view, node);
      case REMOVING, REMOVED -> remove(view, node, command.force());
    };
  }

  private static String drain(ClusterView view, NodeRecord node) {
    if (node.state() == NodeState.REMOVING || node.state() == NodeState.REMOVED) {
      throw new Refusal(Refusal.Code.CANNOT, node.node() + " is removed, or about to be");
    }
    requireOther(view, node, "drained");
    return node.node()
        + " hands over what it leads and takes no new connections; its replicas stay";
  }

  private static String remove(ClusterView view, NodeRecord node, boolean isForced) {
    if (node.state() == NodeState.REMOVED) {
      return node.node() + " is removed already";
    }
    requireOther(view, node, "removed");
    List<Integer> stuck = new ArrayList<>();
    List<Integer> leaderless = new ArrayList<>();
    int replicas = 0;
    for (PartitionView partition : view.partitions()) {
      if (partition.leader().isEmpty()) {
        leaderless.add(partition.number());
      } else if (partition.members().contains(node.node())) {
        replicas++;
        if (!canDoWithout(view, partition, node.node())) {
          stuck.add(partition.number());
        }
      }
    }
    if (!leaderless.isEmpty() && !isForced) {
      // It may be moving just now; whoever asks again hears it if not.
      throw new Refusal(
          Refusal.Code.UNAVAILABLE,
          "partitions "
              + numbers(leaderless)
              + " have no leader, so nothing can be rebuilt; bring back nodes that are down, or use"
              + " --force");
    }
    if (stuck.isEmpty() && leaderless.isEmpty()) {
      return node.node() + " goes: " + replicas + " replicas are rebuilt elsewhere first";
    }
    String down =
        view.nodes().values().stream()
            .filter(n -> !n.isAlive() && n.state() != NodeState.REMOVED)
            .map(NodeView::name)
            .collect(Collectors.joining(", "));
    if (!isForced) {
      throw new Refusal(
          Refusal.Code.CANNOT,
          "without "
              + node.node()
              + " there would be no majority of replicas of partitions "
              + numbers(stuck)
              + (down.isEmpty() ? "" : " while " + down + " is down")
              + "; bring back what is down, add a node, or use --force");
    }
    return node.node()
        + " goes by force: "
        + (stuck.isEmpty()
            ? ""
            : "partitions "
                + numbers(stuck)
                + " lose their replicas on "
                + (down.isEmpty() ? node.node() : down)
                + " too and stay on fewer than "
                + Membership.REPLICAS
                + " nodes; ")
        + (leaderless.isEmpty()
            ? "no mail is lost that a living replica has"
            : "partitions "
                + numbers(leaderless)
                + " have no majority and stay unavailable until enough of their nodes are back");
  }

  private static void requireOther(ClusterView view, NodeRecord node, String what) {
    boolean isAnother =
        view.nodes().values().stream()
            .anyMatch(n -> !n.name().equals(node.node()) && n.takesLeaders());
    if (!isAnother) {
      throw new Refusal(
          Refusal.Code.CANNOT,
          node.node() + " cannot be " + what + ": no other node is there to take over");
    }
  }

  /** Whether a replica can be replaced, or left out, with a majority all the way. */
  private static boolean canDoWithout(ClusterView view, PartitionView partition, String node) {
    List<String> rest = partition.members().stream().filter(m -> !m.equals(node)).toList();
    long living = rest.stream().filter(m -> view.lives(partition, m)).count();
    boolean isReplaced =
        view.nodes().values().stream()
            .anyMatch(
                n ->
                    n.takesReplicas()
                        && !n.name().equals(node)
                        && !partition.members().contains(n.name()));
    return isReplaced ? (living + 1) * 2 > rest.size() + 1 : living * 2 > rest.size();
  }

  private static String numbers(List<Integer> partitions) {
    return partitions.stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
