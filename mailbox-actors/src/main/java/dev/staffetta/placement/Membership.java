package dev.staffetta.placement;

import dev.staffetta.placement.ClusterView.NodeView;
import dev.staffetta.placement.ClusterView.PartitionView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one partition's group of replicas needs next, by itself: a lost replica is taken out, the
 * address of a node that moved is written down, a replica on a node that leaves is replaced, a
 * missing one is added. Pure.
 */
final class Membership {
  static final int REPLICAS = 3;

  /** Entries that a replica which is to lead may be behind: some tenths of a second. */
  static final long CLOSE = 500;

  private final ClusterView view;

  /** How many replicas each node has, those that are being made with them. */
  private final Map<String, Integer> replicas;

  private final Rooms rooms;

  Membership(ClusterView view, Map<String, Integer> replicas, Rooms rooms) {
    this.view = view;
    this.replicas = replicas;
    this.rooms = rooms;
  }

  /** How many replicas a partition is to have. */
  int target() {
    long usable =
        view.nodes().values().stream().filter(node -> node.state().keepsReplicas()).count();
    return (int) Math.max(1, Math.min(REPLICAS, usable));
  }

  /** The next step of a partition that has a leader; empty: it is as it should be, or must wait. */
  Optional<Step> next(PartitionView partition) {
    Optional<String> lost =
        partition.members().stream().filter(node -> view.isLost(partition, node)).findFirst();
    if (lost.isPresent()) {
      return without(partition, lost.get());
    }
    if (isToBeWrittenAnew(partition)) {
      return Optional.of(
          new Step.SetPeers(
              partition.number(), partition.leader().orElseThrow(), partition.members()));
    }
    List<String> leaving =
        partition.members().stream()
            .filter(node -> !view.state(node).keepsReplicas())
            .sorted(
                Comparator.<String, Boolean>comparing(view::isAlive)
                    .thenComparing(node -> partition.leader().equals(Optional.of(node))))
            .toList();
    int staying = partition.members().size() - leaving.size();
    if (staying < target()) {
      Optional<String> newcomer = newcomer(partition);
      if (newcomer.isPresent()) {
        return leaving.isEmpty() || partition.members().size() < REPLICAS
            ? Optional.of(with(partition, newcomer.get(), Optional.empty()))
            : replace(partition, leaving.get(0), newcomer.get());
      }
      // Somebody is to have one more, and cannot now: what there is stays so long.
      return leaving.stream()
          .filter(this::isForced)
          .findFirst()
          .flatMap(node -> without(partition, node));
    }
    if (!leaving.isEmpty()) {
      return without(partition, leaving.get(0));
    }
    return partition.members().size() > target()
        ? fewer(partition).flatMap(node -> without(partition, node))
        : Optional.empty();
  }

  /**
   * Whether a node has come back with another address, which its group has to learn: nodes find it
   * there meanwhile because they were told, but one that starts knows only what the group says. A
   * lone replica writes its own down.
   */
  private boolean isToBeWrittenAnew(PartitionView partition) {
    return partition.members().size() > 1
        && partition.moved().stream().anyMatch(view::isAlive)
        && view.hasMajority(partition, partition.members());
  }

  private Optional<Step> replace(PartitionView partition, String old, String newcomer) {
    if (!partition.leader().equals(Optional.of(old))) {
      return Optional.of(with(partition, newcomer, Optional.of(old)));
    }
    return handOver(partition, old);
  }

  /** Makes a node a member in place of another one, or beside those there are. */
  Step with(PartitionView partition, String newcomer, Optional<String> instead) {
    if (!view.lives(partition, newcomer)) {
      return new Step.AddReplica(partition.number(), newcomer);
    }
    List<String> members = new ArrayList<>(partition.members());
    instead.ifPresent(members::remove);
    members.add(newcomer);
    return new Step.SetPeers(partition.number(), partition.leader().orElseThrow(), members);
  }

  private Optional<Step> without(PartitionView partition, String node) {
    if (partition.leader().equals(Optional.of(node))) {
      return handOver(partition, node);
    }
    List<String> rest = partition.members().stream().filter(m -> !m.equals(node)).toList();
    if (view.hasMajority(partition, rest)) {
      return Optional.of(
          new Step.SetPeers(partition.number(), partition.leader().orElseThrow(), rest));
    }
    return isForced(node) ? withoutDead(partition, node) : Optional.empty();
  }

  private boolean isForced(String node) {
    NodeView there = view.nodes().get(node);
    return there != null && there.isForced();
  }

  /** So that a node can go by force, the dead among those that stay go first. */
  private Optional<Step> withoutDead(PartitionView partition, String leaving) {
    return partition.members().stream()
        .filter(node -> !node.equals(leaving) && !view.isAlive(node))
        .findFirst()
        .map(dead -> partition.members().stream().filter(m -> !m.equals(dead)).toList())
        .filter(rest -> view.hasMajority(partition, rest))
        .map(rest -> new Step.SetPeers(partition.number(), partition.leader().orElseThrow(), rest));
  }

  /** To a replica that is nearly as far, best on a node that is to lead. */
  Optional<Step> handOver(PartitionView partition, String from) {
    return partition.members().stream()
        .filter(node -> !node.equals(from) && isClose(partition, node))
        .filter(node -> view.state(node).keepsReplicas())
        .min(
            Comparator.<String, Boolean>comparing(node -> !view.nodes().get(node).takesLeaders())
                .thenComparing(node -> replicas.getOrDefault(node, 0)))
        .map(to -> new Step.TransferLeadership(partition.number(), from, to));
  }

  /** Whether a replica lives and is nearly as far as the leader. */
  boolean isClose(PartitionView partition, String node) {
    return view.lives(partition, node)
        && (partition.leader().equals(Optional.of(node))
            || partition.lags().getOrDefault(node, Long.MAX_VALUE) <= CLOSE);
  }

  /**
   * The node that is to have one more replica: one that waits with it, else who has fewest. Only
   * where it fits on the disk.
   */
  private Optional<String> newcomer(PartitionView partition) {
    List<String> names = List.copyOf(view.nodes().keySet());
    return view.nodes().values().stream()
        .filter(NodeView::takesReplicas)
        .filter(node -> !partition.members().contains(node.name()))
        .filter(node -> !node.ailing().contains(partition.number()))
        .filter(node -> rooms.fits(partition, node.name()))
        .min(
            Comparator.<NodeView, Boolean>comparing(n -> !n.holds().containsKey(partition.number()))
                .thenComparing(node -> replicas.getOrDefault(node.name(), 0))
                .thenComparing(
                    node ->
                        Math.floorMod(
                            names.indexOf(node.name()) - partition.number(), names.size())))
        .map(NodeView::name);
  }

  /** The nodes on whose disks alone it depends that a partition gets no further replica. */
  List<String> withoutRoom(PartitionView partition) {
    return partition.leader().isPresent()
            && partition.members().size() < target()
            && newcomer(partition).isEmpty()
        ? view.nodes().values().stream()
            .filter(NodeView::takesReplicas)
            .map(NodeView::name)
            .filter(node -> !partition.members().contains(node))
            .filter(node -> !rooms.fits(partition, node))
            .toList()
        : List.of();
  }

  /** Of too many replicas the one to go: a dead one, else of the node that has most. */
  private Optional<String> fewer(PartitionView partition) {
    return partition.members().stream()
        .filter(node -> !partition.leader().equals(Optional.of(node)))
        .max(
            Comparator.<String, Boolean>comparing(node -> !view.isAlive(node))
                .thenComparing(node -> replicas.getOrDefault(node, 0)));
  }
}
