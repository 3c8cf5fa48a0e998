package dev.staffetta.cluster;

import dev.staffetta.config.NodeAddress;
import java.util.Map;
import java.util.Optional;

/** What a node says to one that asks to join. */
sealed interface AdmissionAnswer extends AdmissionMessage {
  /**
   * Join, here.
   *
   * @param cluster its id
   * @param join whom to join: the node that answers
   * @param members of the cluster, by name, with the one that answers
   * @param leader of partition 0, if it is known
   */
  record Welcome(
      String cluster,
      int partitions,
      NodeAddress join,
      Map<String, NodeAddress> members,
      Optional<String> leader)
      implements AdmissionAnswer {
    public Welcome {
      members = Map.copyOf(members);
    }
  }

  /**
   * The node that answers is in no cluster itself, or cannot let this one in at the moment.
   *
   * @param cluster whose data the node that answers has; empty: none
   */
  record NotYet(String node, Optional<String> cluster) implements AdmissionAnswer {}

  /**
   * No.
   *
   * @param why one line for the operator of the node that asks
   * @param mayPass whether the reason may go by itself in some seconds
   */
  record Refused(String why, boolean mayPass) implements AdmissionAnswer {}
}
