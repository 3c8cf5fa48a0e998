package dev.staffetta.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.sharding.LeadsHeard;
import dev.staffetta.sharding.NodeNames;
import dev.staffetta.sharding.ThreeSystems;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is given up at once, in three actor systems; the resolver would take a minute. */
class QuickDowningTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Longer than all that makes it look takes, the machine's word with it. */
  private static final Duration A_WHILE = Duration.ofMillis(1_500);

  private static final String DETECTOR =
      "pekko.cluster.failure-detector.implementation-class = "
          + WitnessedFailureDetector.class.getName();
  private static final String SLOW_RESOLVER =
      "pekko.cluster.split-brain-resolver { stable-after = 60s, down-all-when-unstable = off }";
  private static final String SLOW_DETECTOR =
      "pekko.cluster.failure-detector.acceptable-heartbeat-pause = 60s";

  private List<ActorSystem<Void>> systems = List.of();

  @AfterEach
  void stop() {
    systems.stream()
        .filter(system -> !system.getWhenTerminated().toCompletableFuture().isDone())
        .forEach(ThreeSystems::stop);
  }

  @Test
  void oneWhoseProcessIsGoneAndWhoHasLostALeadGoesBeforeItsHeartbeatsAreMissed() {
    start(DETECTOR, SLOW_RESOLVER, SLOW_DETECTOR);
    lead(1, "node3");
    ThreeSystems.stop(systems.get(2));
    lead(2, "node1");
    await().atMost(PATIENCE).until(() -> members(0).equals(Set.of("node1", "node2")));
    await().atMost(PATIENCE).until(() -> members(1).equals(Set.of("node1", "node2")));
  }

  @Test
  void oneThatIsOnlyUnreachableStaysUntilItHasLostALeadToo() {
    start(DETECTOR, SLOW_RESOLVER);
    lead(1, "node3");
    ThreeSystems.stop(systems.get(2));
    await().atMost(PATIENCE).until(() -> unreachable(0).equals(Set.of("node3")));
    await().during(A_WHILE).atMost(PATIENCE).until(() -> members(0).contains("node3"));
    lead(2, "node2");
    await().atMost(PATIENCE).until(() -> members(0).equals(Set.of("node1", "node2")));
  }

  @Test
  void oneThatHangsGoesWhenItIsUnreachableThoughNothingElseHappensThen() throws IOException {
    start(DETECTOR, SLOW_RESOLVER);
    lead(1, "node3");
    int port = Cluster.get(systems.get(2)).selfMember().address().getPort().orElseThrow();
    ThreeSystems.stop(systems.get(2));
    // As a process that stands still: its machine takes connections, and nobody speaks.
    try (ServerSocket hangs = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
      assertThat(hangs.isBound()).isTrue();
      lead(2, "node1");
      assertThat(members(0)).contains("node3");
      await().atMost(PATIENCE).until(() -> members(0).equals(Set.of("node1", "node2")));
      await().atMost(PATIENCE).until(() -> members(1).equals(Set.of("node1", "node2")));
    }
  }

  @Test
  void oneThatHasOnlyLostALeadStays() {
    start(DETECTOR, SLOW_RESOLVER);
    lead(1, "node3");
    lead(2, "node1");
    // Its machine is asked, and says that it is there.
    await().during(A_WHILE).atMost(PATIENCE).until(() -> members(0).size() == 3);
    assertThat(unreachable(0)).isEmpty();
  }

  @Test
  void fewGiveUpNobodyHoweverDeadTheMostAre() {
    start(DETECTOR, SLOW_RESOLVER);
    lead(1, "node3");
    ThreeSystems.stop(systems.get(1));
    ThreeSystems.stop(systems.get(2));
    await().atMost(PATIENCE).until(() -> unreachable(0).equals(Set.of("node2", "node3")));
    LeadsHeard.tell(systems.get(0), 0, 2, "node1");
    await().during(A_WHILE).atMost(PATIENCE).until(() -> members(0).size() == 3);
  }

  private void start(String... lines) {
    systems = ThreeSystems.three(lines);
    systems.forEach(QuickDowning::start);
    await().atMost(PATIENCE).until(() -> members(0).size() == 3 && members(1).size() == 3);
  }

  /** All that live hear of it. */
  private void lead(long term, String node) {
    systems.stream()
        .filter(system -> !system.getWhenTerminated().toCompletableFuture().isDone())
        .forEach(system -> LeadsHeard.tell(system, 0, term, node));
  }

  private Set<String> members(int system) {
    return StreamSupport.stream(state(system).getMembers().spliterator(), false)
        .map(NodeNames::of)
        .collect(Collectors.toSet());
  }

  private Set<String> unreachable(int system) {
    Set<Member> members = state(system).getUnreachable();
    return members.stream().map(NodeNames::of).collect(Collectors.toSet());
  }

  private ClusterEvent.CurrentClusterState state(int system) {
    return Cluster.get(systems.get(system)).state();
  }
}
