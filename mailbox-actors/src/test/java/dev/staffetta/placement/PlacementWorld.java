package dev.staffetta.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.placement.ClusterView.NodeView;
import dev.staffetta.placement.ClusterView.PartitionView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Nodes and their replicas as a plan finds and makes them: nodes that do what they are told, in any
 * order, or die of it. Without threads and clocks, from one seed.
 */
final class PlacementWorld {
  private static final int MOST_ROUNDS = 3_000;

  final Random random;
  final int partitions;
  final SortedMap<String, NodeState> states = new TreeMap<>();
  final Set<String> forced = new HashSet<>();
  final Set<String> dead = new HashSet<>();

  /** What each node has on its disk: bytes by partition, none in a replica that was just made. */
  final Map<String, Map<Integer, Long>> holds = new HashMap<>();

  /** Of disks that are not without end. */
  final Map<String, Long> capacities = new HashMap<>();

  final Map<Integer, List<String>> members = new TreeMap<>();
  final Map<Integer, String> leaders = new TreeMap<>();
  final List<Step> running = new ArrayList<>();

  /** Where each node is reached, and where the groups of the partitions believe so. */
  final Map<String, Integer> addresses = new HashMap<>();

  final Map<Integer, Map<String, Integer>> written = new TreeMap<>();
  long bytes;

  PlacementWorld(Random random, int partitions) {
    this.random = random;
    this.partitions = partitions;
  }

  /** So many nodes that joined one after the other, at rest. */
  static PlacementWorld grown(int nodes, int partitions) {
    PlacementWorld world = new PlacementWorld(new Random(1), partitions);
    for (int i = 0; i < nodes; i++) {
      world.join();
    }
    world.settle();
    world.requireWholeAndEven();
    return world;
  }

  void join() {
    String name = "n" + (states.size() + 1);
    states.put(name, NodeState.JOINED);
    holds.put(name, new HashMap<>());
    addresses.put(name, 0);
    if (states.size() == 1) {
      for (int p = 0; p < partitions; p++) {
        members.put(p, List.of(name));
        write(p);
        leaders.put(p, name);
        holds.get(name).put(p, bytes);
      }
    }
  }

  ClusterView view() {
    SortedMap<String, NodeView> nodes = new TreeMap<>();
    states.forEach(
        (name, state) ->
            nodes.put(
                name,
                new NodeView(
                    name,
                    state,
                    forced.contains(name),
                    !dead.contains(name),
                    true,
                    roomBytes(name),
                    holds.get(name),
                    Set.of(),
                    lost(name))));
    List<PartitionView> views = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      Map<String, Long> lags = new HashMap<>();
      for (String member : members.get(p)) {
        lags.put(member, lives(p, member) ? 0 : 1_000_000L);
      }
      views.add(
          new PartitionView(
              p, Optional.ofNullable(leaders.get(p)), members.get(p), moved(p), lags, bytes));
    }
    return new ClusterView(nodes, views, Set.copyOf(running), true);
  }

  long roomBytes(String node) {
    return capacities.getOrDefault(node, 1L << 60) - usedBytes(node);
  }

  long usedBytes(String node) {
    return holds.get(node).values().stream().mapToLong(Long::longValue).sum();
  }

  void requireThatAllFits() {
    capacities.forEach(
        (node, most) -> assertThat(usedBytes(node)).as(node).isLessThanOrEqualTo(most));
  }

  Set<String> moved(int partition) {
    Set<String> moved = new HashSet<>();
    written
        .get(partition)
        .forEach(
            (node, at) -> {
              if (!addresses.get(node).equals(at)) {
                moved.add(node);
              }
            });
    return moved;
  }

  /** The group knows where its members are now. */
  void write(int partition) {
    Map<String, Integer> now = new HashMap<>();
    members.get(partition).forEach(node -> now.put(node, addresses.get(node)));
    written.put(partition, now);
  }

  void move(String node) {
    addresses.merge(node, 1, Integer::sum);
    // A lone replica sees to it itself.
    members.forEach(
        (p, all) -> {
          if (all.equals(List.of(node))) {
            write(p);
          }
        });
  }

  Set<Integer> lost(String node) {
    Set<Integer> lost = new HashSet<>();
    members.forEach(
        (p, all) -> {
          if (all.contains(node) && !holds.get(node).containsKey(p)) {
            lost.add(p);
          }
        });
    return lost;
  }

  boolean lives(int partition, String node) {
    return !dead.contains(node) && holds.get(node).containsKey(partition);
  }

  boolean hasMajority(int partition, List<String> nodes) {
    return nodes.stream().filter(n -> lives(partition, n)).count() * 2 > nodes.size();
  }

  List<Step> plan() {
    List<Step> steps = Planner.plan(view());
    assertThat(steps.stream().map(Step::partition)).doesNotHaveDuplicates();
    steps.forEach(this::check);
    running.addAll(steps);
    assertThat(running.stream().filter(s -> s instanceof Step.AddReplica || isAddition(s)).count())
        .isLessThanOrEqualTo(Planner.MOST_SMALL_MOVES);
    return steps;
  }

  boolean isAddition(Step step) {
    return step instanceof Step.SetPeers set
        && !members.get(step.partition()).containsAll(set.peers());
  }

  void check(Step step) {
    int p = step.partition();
    if (step instanceof Step.SetPeers set) {
      assertThat(set.peers()).doesNotHaveDuplicates().contains(leaders.get(p));
      assertThat(set.peers().size()).isBetween(1, 4);
      assertThat(hasMajority(p, set.peers())).as("%s", step).isTrue();
      List<String> newcomers = new ArrayList<>(set.peers());
      newcomers.removeAll(members.get(p));
      assertThat(newcomers.size()).isLessThanOrEqualTo(1);
      // As the store wants it.
      if (members.get(p).size() > 1) {
        assertThat(newcomers.size()).isLessThan(set.peers().size() - newcomers.size());
      }
    } else if (step instanceof Step.DropReplica drop) {
      assertThat(members.get(p)).doesNotContain(drop.node());
    } else if (step instanceof Step.TransferLeadership transfer) {
      assertThat(members.get(p)).contains(transfer.to());
      assertThat(lives(p, transfer.to())).isTrue();
    }
  }

  /** Some of what runs comes to its end, in any order. */
  void work() {
    Collections.shuffle(running, random);
    int ending = random.nextInt(running.size() + 1);
    for (int i = 0; i < ending; i++) {
      finish(running.remove(running.size() - 1));
    }
  }

  void finish(Step step) {
    int p = step.partition();
    if (dead.contains(step.node())) {
      return;
    }
    if (step instanceof Step.AddReplica add) {
      // As the store does: nothing, if the node is a peer that has lost its replica.
      holds.get(add.node()).putIfAbsent(p, 0L);
    } else if (step instanceof Step.SetPeers set) {
      boolean canCommit =
          step.node().equals(leaders.get(p))
              && hasMajority(p, members.get(p))
              && hasMajority(p, set.peers())
              && set.peers().stream().allMatch(n -> members.get(p).contains(n) || lives(p, n));
      if (canCommit) {
        members.put(p, set.peers());
        write(p);
        set.peers().forEach(n -> holds.get(n).computeIfPresent(p, (same, had) -> bytes));
        requireThatAllFits();
      }
    } else if (step instanceof Step.TransferLeadership transfer) {
      if (step.node().equals(leaders.get(p))
          && members.get(p).contains(transfer.to())
          && lives(p, transfer.to())) {
        leaders.put(p, transfer.to());
      }
    } else if (step instanceof Step.DropReplica drop) {
      if (!members.get(p).contains(drop.node())) {
        holds.get(drop.node()).remove(p);
      }
    }
  }

  void kill(String node) {
    dead.add(node);
    running.removeIf(step -> step.node().equals(node));
    elect();
  }

  void revive(String node) {
    dead.remove(node);
    elect();
  }

  void elect() {
    for (int p = 0; p < partitions; p++) {
      int partition = p;
      boolean canLead = hasMajority(p, members.get(p));
      String leader = leaders.get(p);
      if (!canLead) {
        leaders.remove(p);
      } else if (leader == null || !lives(p, leader)) {
        List<String> able = members.get(p).stream().filter(n -> lives(partition, n)).toList();
        leaders.put(p, able.get(random.nextInt(able.size())));
      }
    }
  }

  /** Something that may befall a cluster. */
  void happen() {
    List<String> names = List.copyOf(states.keySet());
    String node = names.get(random.nextInt(names.size()));
    switch (random.nextInt(13)) {
      case 0 -> kill(node);
      case 1, 2, 3 -> revive(node);
      case 4 -> wipe(node);
      case 5 -> {
        if (states.size() < 7) {
          join();
        }
      }
      case 6 ->
          states.computeIfPresent(node, (n, s) -> s == NodeState.JOINED ? NodeState.DRAINING : s);
      case 7 -> states.put(node, NodeState.JOINED);
      case 8 -> {
        if (states.values().stream().filter(NodeState::keepsReplicas).count() > 1) {
          states.put(node, NodeState.REMOVING);
        }
      }
      case 9 -> {
        kill(node);
        move(node);
        revive(node);
      }
      default -> {}
    }
  }

  /** Its disk is lost, which no partition notices that can do without. */
  void wipe(String node) {
    boolean isBearable = true;
    for (int p = 0; p < partitions; p++) {
      List<String> others = members.get(p).stream().filter(n -> !n.equals(node)).toList();
      int partition = p;
      long having = others.stream().filter(n -> holds.get(n).containsKey(partition)).count();
      isBearable &= !members.get(p).contains(node) || having * 2 > members.get(p).size();
    }
    if (isBearable) {
      holds.get(node).clear();
      running.removeIf(step -> step.node().equals(node));
      elect();
    }
  }

  void heal() {
    List.copyOf(dead).forEach(this::revive);
    elect();
    states.replaceAll((n, s) -> s == NodeState.DRAINING ? NodeState.JOINED : s);
  }

  void settle() {
    int rounds = 0;
    for (List<Step> steps = plan(); !steps.isEmpty() || !running.isEmpty(); steps = plan()) {
      Collections.shuffle(running, random);
      List<Step> ending = List.copyOf(running);
      running.clear();
      ending.forEach(this::finish);
      assertThat(rounds++).as("rounds; now %s", view()).isLessThan(MOST_ROUNDS);
    }
  }

  long membersOf(String node) {
    return members.values().stream().filter(m -> m.contains(node)).count();
  }

  long leadersOf(String node) {
    return leaders.values().stream().filter(node::equals).count();
  }

  void requireWholeAndEven() {
    List<String> joined =
        states.keySet().stream().filter(n -> states.get(n) == NodeState.JOINED).toList();
    for (int p = 0; p < partitions; p++) {
      assertThat(members.get(p))
          .as("partition %s of %s", p, view())
          .hasSize(Math.min(3, joined.size()));
      assertThat(joined).containsAll(members.get(p));
      assertThat(moved(p)).isEmpty();
      int partition = p;
      assertThat(members.get(p)).allMatch(n -> lives(partition, n));
      for (String node : states.keySet()) {
        if (dead.contains(node)) {
          continue;
        }
        assertThat(holds.get(node).containsKey(p)).isEqualTo(members.get(p).contains(node));
      }
    }
    requireEven(joined.stream().map(this::membersOf).toList());
    requireEven(joined.stream().map(this::leadersOf).toList());
  }

  void requireEven(List<Long> counts) {
    assertThat(Collections.max(counts) - Collections.min(counts))
        .as("%s in %s, led by %s", counts, members, leaders)
        .isLessThanOrEqualTo(1);
  }
}
