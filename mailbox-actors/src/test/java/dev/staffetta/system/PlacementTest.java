package dev.staffetta.system;

import static dev.staffetta.store.Stores.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.placement.NodeState;
import dev.staffetta.placement.Nodes.NodeMember;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.store.StorePeer;
import dev.staffetta.system.MailCluster.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that come and go, in one process. */
class PlacementTest {
  private static final int PARTITIONS = 8;

  @TempDir Path directory;

  @Test
  void replicasGoToNodesThatJoinAndLeaveThoseThatAreRemoved() {
    try (MailCluster cluster = new MailCluster(directory, PARTITIONS)) {
      cluster.start(1);
      await(cluster.node(1).mail().directory().addDomain("example.com"));
      await(
          cluster
              .node(1)
              .mail()
              .directory()
              .addAccount(new AccountId("alice@example.com"), "secret"));
      cluster.start(2);
      cluster.start(3);
      long begin = System.nanoTime();
      cluster.awaitEven(3);
      report("grown to three and even", begin);

      List<NodeMember> members = await(cluster.node(2).mail().nodes().members());
      assertThat(members).extracting(NodeMember::node).containsExactly("node1", "node2", "node3");
      assertThat(members).allSatisfy(m -> assertThat(m.report()).isPresent());

      // A lead that moves takes its entities along.
      String domain = "example.com";
      Running before = cluster.leaderOf(domain);
      Running next =
          cluster.all().stream().filter(n -> !n.equals(before)).findFirst().orElseThrow();
      int partition = before.store().partitionOf(domain);
      begin = System.nanoTime();
      await(before.store().transferLeadership(partition, next.name()));
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptions()
          .until(
              () ->
                  await(next.mail().directory().accounts(domain))
                      .equals(List.of(new AccountId("alice@example.com"))));
      report("moved with its lead", begin);

      // Draining takes the leads, not the replicas.
      await(cluster.node(1).mail().nodes().change("node1", NodeState.DRAINING, false));
      begin = System.nanoTime();
      Awaitility.await()
          .atMost(MailCluster.patience())
          .until(
              () ->
                  leads(cluster.node(1)) == 0
                      && cluster.node(1).mail().nodes().state() == NodeState.DRAINING);
      report("drained", begin);
      await(cluster.node(1).mail().nodes().change("node1", NodeState.JOINED, false));
      cluster.awaitEven(3);

      // Removing takes all.
      assertThat(await(cluster.node(1).mail().nodes().change("node3", NodeState.REMOVING, false)))
          .contains("node3");
      begin = System.nanoTime();
      Awaitility.await()
          .atMost(MailCluster.patience())
          .until(() -> cluster.node(3).mail().nodes().state() == NodeState.REMOVED);
      Awaitility.await()
          .atMost(MailCluster.patience())
          .until(() -> cluster.node(3).store().status().stream().noneMatch(p -> p.hasReplica()));
      report("removed", begin);
      assertThatThrownBy(
              () ->
                  await(cluster.node(1).mail().nodes().change("node9", NodeState.DRAINING, false)))
          .isInstanceOfSatisfying(
              Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.NONEXISTENT));
    }
  }

  @Test
  void aNodeThatComesBackEmptyGetsItsReplicasAgain() throws Exception {
    try (MailCluster cluster = MailCluster.of(3, directory, 4)) {
      cluster.kill(3);
      deleteAll(directory.resolve("node3"));
      long begin = System.nanoTime();
      cluster.start(3);
      Awaitility.await()
          .atMost(MailCluster.patience())
          .until(() -> cluster.node(3).store().status().stream().allMatch(p -> p.hasReplica()));
      cluster.awaitEven(3);
      report("whole again", begin);
    }
  }

  @Test
  void aNodeThatComesBackAtAnotherPortIsWrittenDownThereByEveryPartition() {
    try (MailCluster cluster = MailCluster.of(3, directory, 4)) {
      StorePeer before = cluster.node(3).store().peerAddress();
      cluster.kill(3);
      cluster.move(3);
      long begin = System.nanoTime();
      cluster.start(3);
      StorePeer after = cluster.node(3).store().peerAddress();
      assertThat(after).isNotEqualTo(before);
      for (int partition = 0; partition < 4; partition++) {
        int number = partition;
        // Each replica says what is in its own log.
        Awaitility.await()
            .atMost(MailCluster.patience())
            .untilAsserted(
                () ->
                    assertThat(cluster.all())
                        .allSatisfy(
                            node ->
                                assertThat(node.store().status().get(number).peers())
                                    .contains(after)
                                    .doesNotContain(before)));
      }
      report("written down anew", begin);
      cluster.awaitEven(3);
    }
  }

  private static long leads(Running node) {
    return node.store().status().stream().filter(p -> p.leads()).count();
  }

  private static void deleteAll(Path path) throws java.io.IOException {
    try (var files = java.nio.file.Files.walk(path)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    }
  }

  private static void report(String what, long begin) {
    System.out.println(
        what + " after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms");
  }
}
