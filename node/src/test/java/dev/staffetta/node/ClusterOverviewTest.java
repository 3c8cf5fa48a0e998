package dev.staffetta.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.admin.ClusterStatus.NodeStatus;
import dev.staffetta.admin.ClusterStatus.SpreadStatus;
import dev.staffetta.placement.NodeRecord;
import dev.staffetta.placement.NodeReport;
import dev.staffetta.placement.NodeState;
import dev.staffetta.placement.Nodes.NodeMember;
import dev.staffetta.store.PartitionStatus;
import dev.staffetta.store.StorePeer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterOverviewTest {
  private static final List<StorePeer> PEERS = List.of(peer("node1"), peer("node2"), peer("node3"));

  @Test
  void theSpreadIsThatOfTheNodesThatAreToHaveTheirShare() {
    ClusterOverview overview =
        new ClusterOverview(
            List.of(member("node1", 3, 300), member("node2", 1, 100), member("node3", 0, 500)),
            List.of(
                record("node1", NodeState.JOINED),
                record("node2", NodeState.JOINED),
                record("node3", NodeState.DRAINING)));
    assertThat(overview.spread())
        .containsExactly(
            new SpreadStatus("replicas", 4, "node1", 4, 0),
            new SpreadStatus("leads", 3, "node1", 2, 50),
            new SpreadStatus("bytes", 1_200, "node1", 800, 50));
  }

  @Test
  void nothingIsSaidOfNodesThatSayNothing() {
    ClusterOverview overview =
        new ClusterOverview(
            List.of(new NodeMember("node1", "up", false, Optional.empty())), List.of());
    assertThat(overview.spread()).isEmpty();
  }

  @Test
  void aNodeShowsItsDisk() {
    ClusterOverview overview =
        new ClusterOverview(
            List.of(member("node1", 4, 1)), List.of(record("node1", NodeState.JOINED)));
    NodeStatus node = overview.nodes().get(0);
    assertThat(node.freeBytes()).isEqualTo(10);
    assertThat(node.totalBytes()).isEqualTo(20);
    assertThat(node.roomBytes()).isEqualTo(5);
  }

  private static NodeMember member(String node, int leads, long bytesOfEach) {
    List<PartitionStatus> partitions =
        IntStream.range(0, 4).mapToObj(p -> partition(p, p < leads, bytesOfEach)).toList();
    return new NodeMember(
        node,
        "up",
        true,
        Optional.of(
            new NodeReport(
                peer(node),
                NodeState.JOINED,
                0,
                false,
                true,
                new NodeReport.Space(10, 20, 5),
                "roomy",
                "1",
                1,
                1,
                partitions,
                List.of(),
                List.of())));
  }

  private static PartitionStatus partition(int number, boolean leads, long bytes) {
    return new PartitionStatus(
        number,
        true,
        Optional.empty(),
        PEERS,
        Optional.empty(),
        leads,
        List.of(),
        1,
        1,
        1,
        bytes,
        Optional.empty(),
        0,
        0,
        0,
        0);
  }

  private static NodeRecord record(String node, NodeState state) {
    return new NodeRecord(node, state, false, peer(node));
  }

  private static StorePeer peer(String node) {
    return new StorePeer(node, "127.0.0.1", 1);
  }
}
