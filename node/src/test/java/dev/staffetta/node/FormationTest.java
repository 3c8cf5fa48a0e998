package dev.staffetta.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.staffetta.ports.AccountId;
import dev.staffetta.sharding.NodeNames;
import dev.staffetta.store.Store;
import dev.staffetta.store.StorePeer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How several nodes become one cluster, and one again after trouble. */
class FormationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String FEW_PARTITIONS = "staffetta.store.partitions = 2\n";

  @TempDir private Path data;

  @Test
  void threeNodesBecomeOneClusterAgainAndAgain() throws Exception {
    try (TestCluster cluster = TestCluster.start(data, 3, FEW_PARTITIONS)) {
      awaitAll(cluster);
      String id = cluster.node(1).node().store().cluster();
      cluster.close();
      cluster.start(1, 2, 3);
      awaitAll(cluster);
      assertThat(cluster.nodes())
          .extracting(node -> node.node().store().cluster())
          .containsOnly(id);
    }
  }

  @Test
  void everyNodeTellsTheSameTruth() throws Exception {
    try (TestCluster cluster = TestCluster.start(data, 3, FEW_PARTITIONS)) {
      awaitAll(cluster);
      TestNode.await(cluster.node(2).directory().addDomain("example.com"));
      TestNode.await(
          cluster.node(3).directory().addAccount(new AccountId("bob@example.com"), "secret"));
      for (TestNode node : cluster.nodes()) {
        assertThat(TestNode.await(node.directory().accounts("example.com")))
            .containsExactly(new AccountId("bob@example.com"));
      }
    }
  }

  @Test
  void aNodeThatWasGivenUpJoinsAgain() throws Exception {
    try (TestCluster cluster = TestCluster.start(data, 3, FEW_PARTITIONS)) {
      awaitAll(cluster);
      ActorSystem<Void> before = cluster.node(3).node().system();
      Cluster.get(cluster.node(1).node().system())
          .manager()
          .tell(new Down(Cluster.get(before).selfMember().address()));
      await().atMost(PATIENCE).until(() -> cluster.node(3).node().system() != before);
      awaitAll(cluster);
    }
  }

  @Test
  void twoOfThreeFormAClusterWithoutTheFirstSeed() throws Exception {
    try (TestCluster cluster = TestCluster.start(data, 3, FEW_PARTITIONS)) {
      awaitAll(cluster);
      replicateEverywhere(cluster);
      cluster.close();
      cluster.start(2, 3);
      for (TestNode node : cluster.nodes()) {
        await().atMost(PATIENCE).until(() -> members(node).equals(List.of("node2", "node3")));
      }
      cluster.start(1);
      awaitAll(cluster);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "staffetta.store.cluster = another | node2 | is of cluster",
        "staffetta.store.partitions = 3 | node2 | has 2 partitions, this node's store.partitions is 3",
      })
  void whoDoesNotBelongThereIsToldWhy(String setting, String name, String why) throws Exception {
    try (TestCluster cluster = TestCluster.of(data, 2, FEW_PARTITIONS)) {
      cluster.start(1);
      assertThatThrownBy(
              () ->
                  Node.start(
                      cluster.settings(
                          2,
                          data.resolve("elsewhere"),
                          FEW_PARTITIONS + setting + "\nstaffetta.node.name = " + name)))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining(why);
      assertThat(members(cluster.node(1))).containsExactly("node1");
    }
  }

  private static void awaitAll(TestCluster cluster) {
    for (TestNode node : cluster.nodes()) {
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> members(node).equals(List.of("node1", "node2", "node3")));
    }
  }

  /** The nodes that are up, as one of them sees it. */
  private static List<String> members(TestNode node) {
    return StreamSupport.stream(
            Cluster.get(node.node().system()).state().getMembers().spliterator(), false)
        .filter(member -> member.status().equals(MemberStatus.up()))
        .map(NodeNames::of)
        .sorted()
        .toList();
  }

  /** Every partition to every node. */
  private static void replicateEverywhere(TestCluster cluster) {
    StorePeer[] peers =
        cluster.nodes().stream()
            .map(node -> node.node().store().peerAddress())
            .toArray(StorePeer[]::new);
    Store leader = cluster.node(1).node().store();
    for (int partition = 0; partition < leader.partitions(); partition++) {
      for (int size = 2; size <= peers.length; size++) {
        int number = partition;
        List<StorePeer> wanted = Arrays.asList(peers).subList(0, size);
        TestNode.await(cluster.node(size).node().store().addReplica(number));
        await()
            .atMost(PATIENCE)
            .ignoreExceptions()
            .untilAsserted(() -> TestNode.await(leader.setPeers(number, wanted)));
      }
    }
  }
}
