package dev.staffetta.node;

import static org.awaitility.Awaitility.await;

import dev.staffetta.sharding.NodeNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How several nodes become one cluster, and one again after trouble. */
class FormationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path data;

  @Test
  void threeNodesBecomeOneCluster() throws Exception {
    try (TestCluster cluster = TestCluster.start(data, 3)) {
      for (TestNode node : cluster.nodes()) {
        await().atMost(PATIENCE).until(() -> members(node).equals(names(1, 2, 3)));
      }
    }
  }

  private static List<String> names(int... numbers) {
    return java.util.Arrays.stream(numbers).mapToObj(number -> "node" + number).toList();
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
}
