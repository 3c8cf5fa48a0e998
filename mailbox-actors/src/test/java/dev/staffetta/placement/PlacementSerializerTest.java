package dev.staffetta.placement;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.GoldenFiles;
import dev.staffetta.store.PartitionStatus;
import dev.staffetta.store.StorePeer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class PlacementSerializerTest {
  private static final StorePeer PEER = new StorePeer("node2", "10.0.0.2", 10072);
  private static final NodeRecord NODE = new NodeRecord("node2", NodeState.REMOVING, true, PEER);

  private static final Map<String, Object> STORED =
      Map.of(
          "node-joined.1", new PlacementChange.NodeJoined(PEER),
          "node-state-changed.1",
              new PlacementChange.NodeStateChanged("node2", NodeState.DRAINING, true),
          "nodes.1",
              new PlacementChange.Nodes(
                  TreePMap.<String, NodeRecord>empty()
                      .plus(
                          "node1",
                          new NodeRecord(
                              "node1", NodeState.REMOVED, false, new StorePeer("node1", "a", 1)))
                      .plus("node2", NODE)));

  @Test
  void bytesOfEveryVersionAreRead() {
    GoldenFiles.assertAllAreRead("placement", new PlacementSerializer(), STORED);
  }

  @Test
  void whatNodesTellOneAnotherComesBackEqual() {
    ActorTestKit kit =
        ActorTestKit.create(
            ConfigFactory.parseString(
                    "pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }")
                .withFallback(ConfigFactory.load()));
    try {
      Serialization serialization = SerializationExtension.get(Adapter.toClassic(kit.system()));
      NodeReport report = report();
      List<Object> messages =
          List.of(
              report,
              new PlacementCommand.Report(
                  report, kit.<NodeAgent.Message>createTestProbe().getRef()),
              new PlacementCommand.Orders(7, NodeState.DRAINING, report.running(), List.of(PEER)),
              new PlacementCommand.ChangeNode(
                  "node2",
                  NodeState.REMOVING,
                  true,
                  kit.<PlacementCommand.Answer>createTestProbe().getRef()),
              new PlacementCommand.GetNodes(
                  kit.<PlacementCommand.Answer>createTestProbe().getRef()),
              new PlacementCommand.Answer(
                  Optional.of(Refusal.Code.CANNOT), "because", List.of(NODE)),
              new NodeAgent.Inquiry(kit.<NodeReport>createTestProbe().getRef()));
      for (Object message : messages) {
        var serializer = serialization.findSerializerFor(message);
        assertThat(serializer).isInstanceOf(PlacementMessageSerializer.class);
        assertThat(
                serialization
                    .deserialize(
                        serializer.toBinary(message),
                        serializer.identifier(),
                        Serializers.manifestFor(serializer, message))
                    .get())
            .isEqualTo(message);
      }
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static NodeReport report() {
    return new NodeReport(
        PEER,
        NodeState.REMOVING,
        77,
        true,
        true,
        new NodeReport.Space(1L << 40, 1L << 41, 1L << 39),
        "roomy",
        "0.1",
        4711,
        86_400,
        List.of(
            new PartitionStatus(
                3,
                true,
                Optional.of("it ails"),
                List.of(PEER),
                Optional.of("node2"),
                true,
                List.of(new PartitionStatus.Follower("node3", 10, 2)),
                5,
                12,
                13,
                1 << 20,
                Optional.of(new PartitionStatus.Transfer(5, 10)),
                1,
                2,
                3,
                4)),
        List.of(
            new Step.AddReplica(1, "node2"),
            new Step.SetPeers(2, "node2", List.of("node2", "node3")),
            new Step.TransferLeadership(3, "node2", "node3"),
            new Step.DropReplica(4, "node2")),
        List.of(new NodeReport.Progress(3, 5, 10, -1)));
  }
}
