package dev.staffetta.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.config.NodeAddress;
import dev.staffetta.sharding.ThreeSystems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a node notices that it is in the wrong cluster. */
class ClusterWatchTest {
  private static final Duration LONELY_AFTER = Duration.ofSeconds(2);

  /** Some looks more than it takes to be sure. */
  private static final Duration A_WHILE = Duration.ofSeconds(4);

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String[] ADMISSION = {
    "pekko.actor.serializers.staffetta-admission = " + AdmissionSerializer.class.getName(),
    "pekko.actor.serialization-bindings { \"dev.staffetta.cluster.AdmissionMessage\" ="
        + " staffetta-admission }"
  };

  private final List<ActorSystem<Void>> systems = new ArrayList<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AtomicReference<Optional<String>> ownView = new AtomicReference<>(Optional.empty());

  @AfterEach
  void stop() {
    systems.stream()
        .filter(system -> !system.getWhenTerminated().toCompletableFuture().isDone())
        .forEach(ThreeSystems::stop);
  }

  @Test
  void aNodeWhoseClusterLacksTheLeaderIsToldOnceAndNotAtOnce() {
    ActorSystem<Void> first = alone("node1");
    ownView.set(Optional.of("node1"));
    watch(first);
    await().during(A_WHILE).atMost(PATIENCE).until(heard::isEmpty);
    ownView.set(Optional.of("node2"));
    await().atMost(PATIENCE).until(() -> !heard.isEmpty());
    assertThat(heard).singleElement().asString().startsWith("node2 leads partition 0 and has not");
    await().during(A_WHILE).atMost(PATIENCE).until(() -> heard.size() == 1);
  }

  @Test
  void aLeaderInItsClusterIsCompanyUntilItIsUnreachable() {
    ActorSystem<Void> first = alone("node1");
    ActorSystem<Void> second = ThreeSystems.start("node2", ADMISSION);
    systems.add(second);
    ThreeSystems.join(second, first);
    ownView.set(Optional.of("node2"));
    watch(first);
    await().during(A_WHILE).atMost(PATIENCE).until(heard::isEmpty);
    ThreeSystems.stop(second);
    await().atMost(PATIENCE).until(() -> !heard.isEmpty());
  }

  @Test
  void whoKnowsNoLeaderAndNobodyToAskStays() {
    watch(alone("node1"));
    await().during(A_WHILE).atMost(PATIENCE).until(heard::isEmpty);
  }

  @Test
  void whoKnowsNoLeaderHearsOfItFromAnotherCluster() {
    ActorSystem<Void> first = alone("node1");
    ActorSystem<Void> stranger = alone("node2");
    Admission.start(stranger, applicant("node2", stranger), () -> Optional.of("node2"));
    watch(first, Members.self(stranger));
    await().atMost(PATIENCE).until(() -> !heard.isEmpty());
    assertThat(heard).singleElement().asString().startsWith("node2 leads partition 0");
  }

  @Test
  void aStrangerThatLeadsNothingItselfIsNoReasonToGo() {
    ActorSystem<Void> first = alone("node1");
    ActorSystem<Void> stranger = alone("node2");
    Admission.start(stranger, applicant("node2", stranger), () -> Optional.of("node1"));
    watch(first, Members.self(stranger));
    await().during(A_WHILE).atMost(PATIENCE).until(heard::isEmpty);
  }

  private void watch(ActorSystem<Void> system, NodeAddress... known) {
    ClusterWatch.start(
        system, applicant("node1", system), LONELY_AFTER, List.of(known), ownView::get, heard::add);
  }

  private ActorSystem<Void> alone(String node) {
    ActorSystem<Void> system = ThreeSystems.start(node, ADMISSION);
    systems.add(system);
    ThreeSystems.join(system, system);
    return system;
  }

  private static Applicant applicant(String node, ActorSystem<?> system) {
    return new Applicant(
        Applicant.PROTOCOL, "1", Optional.of("cluster"), node, 2, Members.self(system));
  }
}
