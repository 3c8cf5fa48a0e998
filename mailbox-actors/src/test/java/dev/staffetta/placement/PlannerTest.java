package dev.staffetta.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Plans, over worlds in which everything may happen. */
class PlannerTest {
  @Property(tries = 300)
  void whateverHappensItBecomesWholeAndEvenAndNoStepHarms(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int nodes,
      @ForAll @IntRange(min = 1, max = 24) int partitions) {
    PlacementWorld world = new PlacementWorld(new Random(seed), partitions);
    for (int i = 0; i < nodes; i++) {
      world.join();
    }
    for (int i = 0; i < 150; i++) {
      world.happen();
      world.plan();
      world.work();
    }
    world.heal();
    world.settle();
    world.requireWholeAndEven();
  }

  @Property(tries = 100)
  void aClusterThatGrowsIsWholeAndEven(
      @ForAll @IntRange(min = 1, max = 7) int nodes,
      @ForAll @IntRange(min = 1, max = 32) int partitions) {
    PlacementWorld world = new PlacementWorld(new Random(nodes), partitions);
    for (int i = 0; i < nodes; i++) {
      world.join();
      world.settle();
      world.requireWholeAndEven();
    }
  }

  @Test
  void aDeadNodeIsNotReplacedUntilAnAdministratorSaysSo() {
    PlacementWorld world = PlacementWorld.grown(4, 8);
    world.kill("n2");
    world.settle();
    assertThat(world.membersOf("n2")).isNotZero();
    world.states.put("n2", NodeState.REMOVING);
    world.settle();
    assertThat(world.membersOf("n2")).isZero();
    world.requireWholeAndEven();
  }

  @Test
  void aNodeThatComesBackEmptyGetsItsReplicasAnew() {
    PlacementWorld world = PlacementWorld.grown(3, 8);
    world.kill("n3");
    world.holds.get("n3").clear();
    world.revive("n3");
    List<Step> first = world.plan();
    assertThat(first)
        .filteredOn(step -> step instanceof Step.SetPeers)
        .isNotEmpty()
        .allSatisfy(
            step ->
                assertThat(((Step.SetPeers) step).peers()).containsExactlyInAnyOrder("n1", "n2"));
    world.settle();
    world.requireWholeAndEven();
  }

  @Test
  void aDrainingNodeKeepsItsReplicasAndLeadsNothing() {
    PlacementWorld world = PlacementWorld.grown(3, 8);
    world.states.put("n1", NodeState.DRAINING);
    world.settle();
    assertThat(world.leadersOf("n1")).isZero();
    assertThat(world.membersOf("n1")).isEqualTo(8);
    world.states.put("n1", NodeState.JOINED);
    world.settle();
    world.requireWholeAndEven();
  }

  @Test
  void aRemovalThatWouldLeaveNoMajorityWaits() {
    PlacementWorld world = PlacementWorld.grown(3, 4);
    world.kill("n3");
    world.states.put("n2", NodeState.REMOVING);
    world.settle();
    assertThat(world.membersOf("n2")).isEqualTo(4);
    world.forced.add("n2");
    world.settle();
    assertThat(world.membersOf("n2")).isZero();
    assertThat(world.members.values()).allSatisfy(m -> assertThat(m).containsExactly("n1"));
    world.revive("n3");
    world.settle();
    assertThat(world.members.values())
        .allSatisfy(m -> assertThat(m).containsExactlyInAnyOrder("n1", "n3"));
  }

  @Test
  void littleMovesAtATime() {
    PlacementWorld world = new PlacementWorld(new Random(1), 16);
    world.bytes = 1L << 30;
    world.join();
    world.join();
    world.join();
    assertThat(world.plan()).hasSize(Planner.MOST_MOVES);
    assertThat(world.plan()).isEmpty();
    world.bytes = 0;
    assertThat(world.plan()).hasSize(Planner.MOST_SMALL_MOVES - Planner.MOST_MOVES);
  }

  @Test
  void aNodeThatComesBackElsewhereIsWrittenDownAnewInEachOfItsPartitions() {
    PlacementWorld world = PlacementWorld.grown(4, 8);
    world.kill("n2");
    world.move("n2");
    world.settle();
    // While it is away, nobody knows where it is.
    assertThat(world.written).allSatisfy((p, at) -> assertThat(at.getOrDefault("n2", 0)).isZero());
    world.revive("n2");
    List<Step> first = world.plan();
    assertThat(first)
        .filteredOn(step -> step instanceof Step.SetPeers)
        .hasSize((int) world.membersOf("n2"))
        .isNotEmpty()
        .allSatisfy(
            step ->
                assertThat(((Step.SetPeers) step).peers())
                    .isEqualTo(world.members.get(step.partition())));
    world.settle();
    world.requireWholeAndEven();
  }

  @Test
  void aMoveIsNotWrittenDownWithoutAMajority() {
    PlacementWorld world = PlacementWorld.grown(3, 4);
    world.kill("n2");
    world.kill("n3");
    world.move("n3");
    // As one whose lead has not been noticed to be gone.
    world.members.keySet().forEach(p -> world.leaders.put(p, "n1"));
    assertThat(world.plan()).isEmpty();
    world.revive("n3");
    assertThat(world.plan()).hasSize(4);
  }

  @Property(tries = 200)
  void noDiskGetsMoreThanFitsOnItWhateverHappens(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 6) int nodes,
      @ForAll @IntRange(min = 1, max = 12) int partitions) {
    PlacementWorld world = new PlacementWorld(new Random(seed), partitions);
    world.bytes = 10;
    for (int i = 0; i < nodes; i++) {
      world.join();
    }
    for (int i = 2; i <= nodes; i++) {
      world.capacities.put("n" + i, (long) world.random.nextInt(10 * partitions + 10));
    }
    for (int i = 0; i < 150; i++) {
      world.happen();
      world.plan();
      world.work();
    }
    world.heal();
    world.settle();
    for (int p = 0; p < partitions; p++) {
      int partition = p;
      List<String> without =
          world.states.keySet().stream()
              .filter(n -> world.states.get(n) == NodeState.JOINED)
              .filter(n -> !world.members.get(partition).contains(n))
              .toList();
      if (world.members.get(p).size() < 3) {
        assertThat(without)
            .as("partition %s of %s", p, world.view())
            .allMatch(n -> world.roomBytes(n) < world.bytes);
      }
    }
  }

  @Test
  void aReplicaGoesWhereThereIsRoomAndNowhereWhereThereIsNot() {
    PlacementWorld world = new PlacementWorld(new Random(1), 4);
    world.bytes = 100;
    for (int i = 0; i < 4; i++) {
      world.join();
    }
    world.capacities.put("n2", 250L);
    world.capacities.put("n3", 99L);
    world.settle();
    assertThat(world.membersOf("n2")).isEqualTo(2);
    assertThat(world.membersOf("n3")).isZero();
    assertThat(world.membersOf("n4")).isEqualTo(4);
    assertThat(Planner.cramped(world.view()))
        .hasValueSatisfying(line -> assertThat(line).endsWith("on the disks of n2, n3"));
    world.capacities.clear();
    world.settle();
    assertThat(Planner.cramped(world.view())).isEmpty();
    world.requireWholeAndEven();
  }

  @Test
  void aReplicaThatHasComeIsNotAskedForItsRoomAgain() {
    PlacementWorld world = PlacementWorld.grown(3, 1);
    world.bytes = 100;
    world.members.get(0).forEach(node -> world.holds.get(node).put(0, 100L));
    world.join();
    // Its room went with what came, and who should take it in has died.
    world.holds.get("n4").put(0, 100L);
    world.capacities.put("n4", 100L);
    world.states.put("n3", NodeState.REMOVING);
    world.settle();
    assertThat(world.members.get(0)).containsExactlyInAnyOrder("n1", "n2", "n4");
  }
}
