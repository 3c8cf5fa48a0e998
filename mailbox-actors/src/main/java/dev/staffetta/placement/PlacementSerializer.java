package dev.staffetta.placement;

import dev.staffetta.placement.proto.PlacementProto;
import dev.staffetta.sharding.VersionedSerializer;
import dev.staffetta.store.StorePeer;
import org.pcollections.TreePMap;

/** Writes what is stored of the placement, as {@code placement.proto} says. */
public final class PlacementSerializer extends VersionedSerializer {
  private static final int IDENTIFIER = 9021;

  /** Made by Pekko. */
  public PlacementSerializer() {
    super(IDENTIFIER);
    form(
        "node-joined.1",
        PlacementChange.NodeJoined.class,
        change ->
            PlacementProto.NodeJoined.newBuilder()
                .setNode(change.peer().node())
                .setHost(change.peer().host())
                .setPort(change.peer().port())
                .build(),
        PlacementProto.NodeJoined.parser(),
        change ->
            new PlacementChange.NodeJoined(
                new StorePeer(change.getNode(), change.getHost(), change.getPort())));
    form(
        "node-state-changed.1",
        PlacementChange.NodeStateChanged.class,
        change ->
            PlacementProto.NodeStateChanged.newBuilder()
                .setNode(change.node())
                .setState(state(change.state()))
                .setForced(change.isForced())
                .build(),
        PlacementProto.NodeStateChanged.parser(),
        change ->
            new PlacementChange.NodeStateChanged(
                change.getNode(), state(change.getState()), change.getForced()));
    form(
        "nodes.1",
        PlacementChange.Nodes.class,
        PlacementSerializer::nodes,
        PlacementProto.Nodes.parser(),
        PlacementSerializer::nodes);
  }

  private static PlacementProto.Nodes nodes(PlacementChange.Nodes nodes) {
    PlacementProto.Nodes.Builder message = PlacementProto.Nodes.newBuilder();
    nodes.byName().values().forEach(node -> message.addNodes(record(node)));
    return message.build();
  }

  private static PlacementChange.Nodes nodes(PlacementProto.Nodes message) {
    TreePMap<String, NodeRecord> byName = TreePMap.empty();
    for (PlacementProto.NodeRecord node : message.getNodesList()) {
      byName = byName.plus(node.getNode(), record(node));
    }
    return new PlacementChange.Nodes(byName);
  }

  static PlacementProto.NodeRecord record(NodeRecord node) {
    return PlacementProto.NodeRecord.newBuilder()
        .setNode(node.node())
        .setState(state(node.state()))
        .setForced(node.isForced())
        .setHost(node.peer().host())
        .setPort(node.peer().port())
        .build();
  }

  static NodeRecord record(PlacementProto.NodeRecord node) {
    return new NodeRecord(
        node.getNode(),
        state(node.getState()),
        node.getForced(),
        new StorePeer(node.getNode(), node.getHost(), node.getPort()));
  }

  /** Numbers that are stored: never to be given another meaning. */
  static int state(NodeState state) {
    return switch (state) {
      case JOINED -> 1;
      case DRAINING -> 2;
      case REMOVING -> 3;
      case REMOVED -> 4;
    };
  }

  static NodeState state(int number) {
    return switch (number) {
      case 2 -> NodeState.DRAINING;
      case 3 -> NodeState.REMOVING;
      case 4 -> NodeState.REMOVED;
      default -> NodeState.JOINED;
    };
  }
}
