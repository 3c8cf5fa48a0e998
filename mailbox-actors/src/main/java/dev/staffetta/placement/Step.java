package dev.staffetta.placement;

import java.util.List;

/**
 * Something that one node is to do for a partition. Steps are idempotent: one that has been done,
 * or that is not to be done any more, does no harm.
 */
public sealed interface Step {
  int partition();

  /** The node that does it. */
  String node();

  /** Gets an empty replica, which waits to be taken in. */
  record AddReplica(int partition, String node) implements Step {
    @Override
    public String toString() {
      return "an empty replica of partition " + partition + " on " + node;
    }
  }

  /** Makes these nodes the ones with replicas, of a partition that it leads. */
  record SetPeers(int partition, String node, List<String> peers) implements Step {
    public SetPeers {
      peers = List.copyOf(peers);
    }

    @Override
    public String toString() {
      return "replicas of partition " + partition + " on " + String.join(", ", peers);
    }
  }

  /** Hands over a partition that it leads. */
  record TransferLeadership(int partition, String node, String to) implements Step {
    @Override
    public String toString() {
      return "the lead of partition " + partition + " from " + node + " to " + to;
    }
  }

  /** Throws away a replica that no longer counts. */
  record DropReplica(int partition, String node) implements Step {
    @Override
    public String toString() {
      return "no more replica of partition " + partition + " on " + node;
    }
  }
}
