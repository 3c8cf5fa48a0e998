package dev.staffetta.placement;

import dev.staffetta.journal.MakesRoom;
import dev.staffetta.store.StorePeer;
import org.pcollections.TreePMap;

/** What is written of the nodes: never more than a few dozen bytes, so also on a full disk. */
public sealed interface PlacementChange extends MakesRoom {
  /** The nodes after this. */
  Nodes applyTo(Nodes nodes);

  @Override
  default boolean makesRoom() {
    return true;
  }

  /** All nodes that were ever there, by name. */
  record Nodes(TreePMap<String, NodeRecord> byName) {
    static final Nodes NONE = new Nodes(TreePMap.empty());

    Nodes with(NodeRecord node) {
      return new Nodes(byName.plus(node.node(), node));
    }
  }

  /** A node is there, or has another address than before. */
  record NodeJoined(StorePeer peer) implements PlacementChange {
    @Override
    public Nodes applyTo(Nodes nodes) {
      NodeRecord before = nodes.byName().get(peer.node());
      return nodes.with(
          before == null
              ? new NodeRecord(peer.node(), NodeState.JOINED, false, peer)
              : new NodeRecord(peer.node(), before.state(), before.isForced(), peer));
    }
  }

  /** An administrator wants something else of a node, or what he wanted is done. */
  record NodeStateChanged(String node, NodeState state, boolean isForced)
      implements PlacementChange {
    @Override
    public Nodes applyTo(Nodes nodes) {
      NodeRecord before = nodes.byName().get(node);
      return nodes.with(new NodeRecord(node, state, isForced, before.peer()));
    }
  }
}
