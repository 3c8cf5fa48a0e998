package dev.staffetta.cluster;

import dev.staffetta.config.NodeAddress;
import dev.staffetta.sharding.NodeNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;

/** The members of the actors' cluster, as nodes with names. */
final class Members {
  /** In a cluster, and not on their way out for good. */
  private static final Set<MemberStatus> PRESENT =
      Set.of(
          MemberStatus.joining(),
          MemberStatus.weaklyUp(),
          MemberStatus.up(),
          MemberStatus.leaving());

  private Members() {}

  /** Where a member's actors are reached; empty for an address without a host. */
  static Optional<NodeAddress> addressOf(Address address) {
    return address.getHost().isPresent() && address.getPort().isPresent()
        ? Optional.of(new NodeAddress(address.getHost().get(), address.getPort().get()))
        : Optional.empty();
  }

  /** Those that are present, as this node sees them. */
  static List<AdmissionRules.Neighbour> present(ClusterEvent.CurrentClusterState state) {
    Set<Member> unreachable = state.getUnreachable();
    return StreamSupport.stream(state.getMembers().spliterator(), false)
        .filter(member -> PRESENT.contains(member.status()))
        .filter(member -> addressOf(member.address()).isPresent())
        .map(
            member ->
                new AdmissionRules.Neighbour(
                    NodeNames.of(member),
                    addressOf(member.address()).get(),
                    !unreachable.contains(member)))
        .toList();
  }

  /** This node's own address, the port chosen. */
  static NodeAddress self(ActorSystem<?> system) {
    Address address = org.apache.pekko.cluster.typed.Cluster.get(system).selfMember().address();
    return addressOf(address)
        .orElseThrow(() -> new IllegalStateException("no host and port in " + address));
  }
}
