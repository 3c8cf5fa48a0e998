package dev.staffetta.placement;

import dev.staffetta.placement.ClusterView.NodeView;
import dev.staffetta.placement.ClusterView.PartitionView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is to be done next, so that every partition has its replicas, and replicas and leads are
 * even over the nodes. Pure: the same view gives the same steps. It remembers nothing, so whatever
 * crash came in between, the way goes on from where things stand.
 *
 * <p>It holds to three rules. No step leaves a partition without a majority of replicas that live.
 * A node that is only dead is not replaced: it may come back; an administrator says when it will
 * not. Little moves at a time.
 */
public final class Planner {
  /** Partitions that get a replica at the same time. */
  static final int MOST_MOVES = 2;

  /** The same, where there is little to copy. */
  static final int MOST_SMALL_MOVES = 4;

  /** Up to this size there is little to copy. */
  static final long SMALL_BYTES = 32L << 20;

  /** Leads that leave at the same time a node that is to lead nothing. */
  static final int MOST_DEPARTURES = 4;

  private final ClusterView view;

  /** Partitions for which something is being done. */
  private final Set<Integer> busy;

  private final Map<String, Integer> replicas = new TreeMap<>();
  private final Rooms rooms;
  private final Membership membership;

  /** What is chosen, by partition. */
  private final Map<Integer, Step> steps = new LinkedHashMap<>();

  private Planner(ClusterView view) {
    this.view = view;
    this.busy = view.running().stream().map(Step::partition).collect(Collectors.toSet());
    for (PartitionView partition : view.partitions()) {
      Set<String> having = new HashSet<>(partition.members());
      view.nodes().values().stream()
          .filter(node -> node.holds().containsKey(partition.number()))
          .forEach(node -> having.add(node.name()));
      having.forEach(node -> replicas.merge(node, 1, Integer::sum));
    }
    this.rooms = new Rooms(view);
    this.membership = new Membership(view, replicas, rooms);
  }

  /** The steps that are to begin now. */
  public static List<Step> plan(ClusterView view) {
    return new Planner(view).plan();
  }

  /** Which partitions have too few replicas because they fit on no disk, in a line. */
  static Optional<String> cramped(ClusterView view) {
    Planner planner = new Planner(view);
    List<String> partitions = new ArrayList<>();
    Set<String> nodes = new TreeSet<>();
    for (PartitionView partition : view.partitions()) {
      List<String> full = planner.membership.withoutRoom(partition);
      if (!full.isEmpty()) {
        partitions.add(Integer.toString(partition.number()));
        nodes.addAll(full);
      }
    }
    return partitions.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "partitions "
                + String.join(", ", partitions)
                + " get no further replica: they do not fit on the disks of "
                + String.join(", ", nodes));
  }

  private List<Step> plan() {
    List<PartitionView> idle = new ArrayList<>();
    Map<Integer, Step> needed = new LinkedHashMap<>();
    for (PartitionView partition : view.partitions()) {
      if (partition.leader().isPresent() && !busy.contains(partition.number())) {
        Optional<Step> next = membership.next(partition);
        next.ifPresentOrElse(
            step -> {
              needed.put(partition.number(), step);
              countNewcomer(partition, step);
            },
            () -> idle.add(partition));
      }
    }
    if (needed.isEmpty() && busy.isEmpty() && isWhole()) {
      even(idle).forEach(step -> needed.put(step.partition(), step));
    }
    choose(needed);
    dropLeftovers(needed);
    moveLeads(idle.stream().filter(p -> !steps.containsKey(p.number())).toList());
    return List.copyOf(steps.values());
  }

  /** So that the next newcomer is looked for elsewhere. */
  private void countNewcomer(PartitionView partition, Step step) {
    if (step instanceof Step.AddReplica add
        && !view.nodes().get(add.node()).holds().containsKey(partition.number())) {
      replicas.merge(add.node(), 1, Integer::sum);
      rooms.promise(partition, add.node());
    }
  }

  /** Whether every node that has joined is there: nothing is evened out while one is away. */
  private boolean isWhole() {
    return view.nodes().values().stream()
        .allMatch(node -> node.isAlive() || !node.state().keepsReplicas());
  }

  /** Takes replicas from nodes that have two more than another one. */
  private List<Step> even(List<PartitionView> partitions) {
    Map<String, Integer> counts = counts();
    List<Step> moves = new ArrayList<>();
    List<PartitionView> left = new ArrayList<>(partitions);
    for (boolean isMoving = true; isMoving && moves.size() < MOST_SMALL_MOVES; ) {
      Optional<Move> move = move(counts, left);
      isMoving = move.isPresent();
      move.ifPresent(
          m -> {
            counts.merge(m.from(), -1, Integer::sum);
            counts.merge(m.to(), 1, Integer::sum);
            left.remove(m.partition());
            rooms.promise(m.partition(), m.to());
            step(m).ifPresent(moves::add);
          });
    }
    return moves;
  }

  /** How many replicas that count each node has that takes more. */
  private Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    view.nodes().values().stream()
        .filter(NodeView::takesReplicas)
        .forEach(node -> counts.put(node.name(), 0));
    for (PartitionView partition : view.partitions()) {
      partition.members().forEach(m -> counts.computeIfPresent(m, (node, count) -> count + 1));
    }
    return counts;
  }

  private record Move(PartitionView partition, String from, String to) {}

  /** First what was begun, then from where there is most to where there is least. */
  private Optional<Move> move(Map<String, Integer> counts, List<PartitionView> partitions) {
    return partitions.stream()
        .filter(p -> p.members().size() >= Membership.REPLICAS)
        .filter(p -> p.members().stream().allMatch(node -> membership.isClose(p, node)))
        .flatMap(
            p ->
                p.members().stream()
                    .filter(counts::containsKey)
                    .flatMap(
                        from ->
                            counts.keySet().stream()
                                .filter(to -> !p.members().contains(to))
                                .filter(to -> counts.get(from) - counts.get(to) >= 2)
                                .filter(to -> rooms.fits(p, to))
                                .map(to -> new Move(p, from, to))))
        .min(
            Comparator.<Move, Boolean>comparing(m -> !view.lives(m.partition(), m.to()))
                .thenComparing(m -> counts.get(m.to()) - counts.get(m.from()))
                .thenComparing(m -> m.partition().leader().equals(Optional.of(m.from())))
                .thenComparing(m -> m.partition().bytes()));
  }

  private Optional<Step> step(Move move) {
    return move.partition().leader().equals(Optional.of(move.from()))
        ? membership.handOver(move.partition(), move.from())
        : Optional.of(membership.with(move.partition(), move.to(), Optional.of(move.from())));
  }

  /** As many as may be done at a time; what was begun goes first. */
  private void choose(Map<Integer, Step> needed) {
    int large = 0;
    int all = 0;
    Map<String, Integer> inbound = new TreeMap<>();
    for (Step step : view.running()) {
      if (brings(step)) {
        all++;
        large += isSmall(step) ? 0 : 1;
        newcomers(step).forEach(node -> inbound.merge(node, isSmall(step) ? 1 : 4, Integer::sum));
      }
    }
    List<Step> ordered =
        needed.values().stream()
            .sorted(Comparator.comparing(step -> step instanceof Step.AddReplica))
            .toList();
    for (Step step : ordered) {
      boolean isLarge = !isSmall(step);
      int weight = isLarge ? MOST_SMALL_MOVES : 1;
      boolean fits =
          !brings(step)
              || (all < (isLarge ? MOST_MOVES : MOST_SMALL_MOVES)
                  && (!isLarge || large < MOST_MOVES)
                  && newcomers(step).stream()
                      .allMatch(n -> inbound.getOrDefault(n, 0) + weight <= MOST_SMALL_MOVES));
      if (fits) {
        steps.put(step.partition(), step);
        if (brings(step)) {
          all++;
          large += isLarge ? 1 : 0;
          newcomers(step).forEach(node -> inbound.merge(node, weight, Integer::sum));
        }
      }
    }
  }

  /** Whether data is copied, now or next. */
  private boolean brings(Step step) {
    return !newcomers(step).isEmpty();
  }

  private List<String> newcomers(Step step) {
    if (step instanceof Step.AddReplica add) {
      return List.of(add.node());
    }
    if (step instanceof Step.SetPeers set) {
      return set.peers().stream()
          .filter(node -> !partition(step).members().contains(node))
          .toList();
    }
    return List.of();
  }

  private boolean isSmall(Step step) {
    return partition(step).bytes() <= SMALL_BYTES;
  }

  private PartitionView partition(Step step) {
    return view.partitions().get(step.partition());
  }

  /** Replicas that neither count nor are about to. */
  private void dropLeftovers(Map<Integer, Step> needed) {
    Map<String, Integer> counts = counts();
    for (PartitionView partition : view.partitions()) {
      int number = partition.number();
      if (partition.leader().isPresent() && !busy.contains(number) && !needed.containsKey(number)) {
        view.nodes().values().stream()
            .filter(NodeView::isAlive)
            .filter(n -> n.holds().containsKey(number) || n.ailing().contains(number))
            .filter(node -> !partition.members().contains(node.name()))
            .filter(node -> !isAwaited(partition, node, counts))
            .findFirst()
            .ifPresent(node -> steps.put(number, new Step.DropReplica(number, node.name())));
      }
    }
  }

  /** Whether a replica was made in order to take the place of one on a node that has many. */
  private boolean isAwaited(PartitionView partition, NodeView node, Map<String, Integer> counts) {
    return node.takesReplicas()
        && rooms.fits(partition, node.name())
        && !node.ailing().contains(partition.number())
        && partition.members().stream()
            .filter(counts::containsKey)
            .anyMatch(member -> counts.get(member) - counts.get(node.name()) >= 2);
  }

  private void moveLeads(List<PartitionView> movable) {
    LeaderBalance balance = new LeaderBalance(view, membership, movable);
    long moving = view.running().stream().filter(s -> s instanceof Step.TransferLeadership).count();
    balance.departures().stream()
        .limit(Math.max(0, MOST_DEPARTURES - moving))
        .forEach(step -> steps.put(step.partition(), step));
    boolean isMoving =
        moving > 0 || steps.values().stream().anyMatch(s -> s instanceof Step.TransferLeadership);
    if (view.mayEven() && !isMoving) {
      balance.evening().ifPresent(step -> steps.put(step.partition(), step));
    }
  }
}
