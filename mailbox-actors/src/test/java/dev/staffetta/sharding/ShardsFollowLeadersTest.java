package dev.staffetta.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.ports.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Entities on three nodes, with leaders that the test appoints. */
class ShardsFollowLeadersTest {
  private static final int PARTITIONS = 4;
  private static final EntityTypeKey<Probe> TYPE = EntityTypeKey.create(Probe.class, "Probe");
  private static final String SERIALISED =
      """
      pekko.actor.serialization-bindings {
        "dev.staffetta.sharding.EntityMessage" = jackson-cbor
      }
      """;

  /** What an entity of the test is told. */
  public interface Probe extends EntityMessage {}

  /** Where it lives. */
  public record Where(ActorRef<Answer<String>> replyTo) implements Probe, Question<String> {}

  /** To leave. */
  public record Stop() implements Probe {}

  private List<ActorSystem<Void>> systems;
  private final List<Shards> shards = new ArrayList<>();
  private final Map<Integer, Leadership> leaders = new ConcurrentHashMap<>();

  /** Partitions of which a leader can be read. */
  private final Map<Integer, Boolean> readable = new ConcurrentHashMap<>();

  @BeforeEach
  void start() {
    for (int p = 0; p < PARTITIONS; p++) {
      leaders.put(p, new Leadership(p, 1, "node" + (1 + p % 3)));
      readable.put(p, true);
    }
    systems = ThreeSystems.three(SERIALISED);
    for (int i = 0; i < 3; i++) {
      ActorSystem<Void> system = systems.get(i);
      String node = "node" + (i + 1);
      LeaderBoard board = LeaderBoard.of(system);
      // As if each node's store knew of the leads that this node has.
      system.systemActorOf(
          LeaderBoardActor.create(
              board, () -> leaders.values().stream().filter(l -> l.node().equals(node)).toList()),
          LeaderBoardActor.NAME,
          Props.empty());
      Shards here = new Shards(system, new Fake(node), patience());
      here.start(
          TYPE,
          new Stop(),
          entity ->
              Behaviors.receive(Probe.class)
                  .onMessage(
                      Where.class,
                      where -> {
                        where.replyTo().tell(Answer.done(node));
                        return Behaviors.same();
                      })
                  .onMessage(Stop.class, stop -> Behaviors.stopped())
                  .build());
      shards.add(here);
    }
  }

  @AfterEach
  void stop() {
    systems.forEach(ThreeSystems::stop);
  }

  @Test
  void entitiesLiveWhereTheirPartitionIsLedAndMoveWithIt() {
    for (int p = 0; p < PARTITIONS; p++) {
      for (Shards from : shards) {
        assertThat(where(from, p)).isEqualTo("node" + (1 + p % 3));
      }
    }
    leaders.put(0, new Leadership(0, 2, "node3"));
    long begin = System.nanoTime();
    // It has no more leader's word for it at node1, and moves.
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofSeconds(5))
        .until(() -> where(shards.get(1), 0).equals("node3"));
    System.out.println(
        "moved within " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms");
    assertThat(where(shards.get(0), 1)).isEqualTo("node2");
  }

  @Test
  void anOldTermIsNotBelieved() {
    LeaderBoard board = LeaderBoard.of(systems.get(0));
    assertThat(board.learn(new Leadership(9, 5, "node2"))).isTrue();
    assertThat(board.learn(new Leadership(9, 4, "node3"))).isFalse();
    assertThat(board.leader(9)).contains("node2");
  }

  @Test
  void aNodeThatIsSilentSinceItsLeadWentIsNotAskedForItsShard() {
    LeaderBoard board = LeaderBoard.of(systems.get(0));
    board.learn(new Leadership(9, 1, "silent"));
    assertThat(board.hasSpokenSinceMove("silent", 9)).isFalse();
    board.heardOf("silent");
    assertThat(board.hasSpokenSinceMove("silent", 9)).isTrue();
    board.learn(new Leadership(9, 2, "node2"));
    assertThat(board.hasSpokenSinceMove("silent", 9)).isFalse();
    board.heardOf("silent");
    assertThat(board.hasSpokenSinceMove("silent", 9)).isTrue();
    assertThat(board.hasSpokenSinceMove("node1", 9)).as("this node itself").isTrue();
  }

  @Test
  void aPartitionThatCannotBeReadRefusesSoonAndDisturbsNoOther() {
    readable.put(0, false);
    long begin = System.nanoTime();
    CompletionStage<Answer<String>> stuck = ask(shards.get(1), 0);
    assertThat(where(shards.get(1), 1)).isEqualTo("node2");
    assertThat(stuck.toCompletableFuture().join()).isInstanceOf(Answer.Refused.class);
    assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(4));
    readable.put(0, true);
    assertThat(where(shards.get(1), 0)).isEqualTo("node1");
  }

  @Test
  void aDeadNodesEntitiesAreFoundWhereTheLeadHasGone() {
    assertThat(where(shards.get(2), 0)).isEqualTo("node1");
    // The oldest, with the coordinators, goes without a word.
    long begin = System.nanoTime();
    ThreeSystems.stop(systems.get(0));
    leaders.put(0, new Leadership(0, 2, "node2"));
    leaders.put(3, new Leadership(3, 2, "node3"));
    assertThat(where(shards.get(2), 0)).isEqualTo("node2");
    assertThat(where(shards.get(1), 3)).isEqualTo("node3");
    System.out.println(
        "found again after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms");
  }

  @Test
  void whoIsRefusedForLongIsToldSo() {
    readable.put(2, false);
    assertThatThrownBy(() -> where(shards.get(0), 2))
        .cause()
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.UNAVAILABLE));
  }

  private static Shards.Patience patience() {
    return new Shards.Patience(
        Duration.ofSeconds(3), Duration.ofSeconds(12), Duration.ofMillis(50));
  }

  private static String where(Shards from, int partition) {
    return from.<Probe, String>ask(from.entity(TYPE, "#" + partition), Where::new)
        .toCompletableFuture()
        .join();
  }

  private static CompletionStage<Answer<String>> ask(Shards from, int partition) {
    return from.askForAnswer(from.entity(TYPE, "#" + partition), Where::new);
  }

  /** The store as one node knows it. */
  private final class Fake implements Partitions {
    private final String node;

    Fake(String node) {
      this.node = node;
    }

    @Override
    public int of(String entityId) {
      return Integer.parseInt(entityId.substring(1));
    }

    @Override
    public boolean leads(int partition) {
      return leaders.get(partition).node().equals(node);
    }

    @Override
    public CompletionStage<Void> barrier(int partition) {
      return readable.get(partition)
          ? CompletableFuture.completedStage(null)
          : CompletableFuture.failedStage(
              new Refusal(Refusal.Code.UNAVAILABLE, "it has no majority"));
    }
  }
}
