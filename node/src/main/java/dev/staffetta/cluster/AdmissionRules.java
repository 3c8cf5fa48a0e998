package dev.staffetta.cluster;

import dev.staffetta.config.NodeAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who is let in.
 *
 * @param self the node that is asked
 * @param isUp whether it is in a cluster
 * @param members of that cluster
 * @param leader of partition 0, if it is known
 */
record AdmissionRules(
    Applicant self, boolean isUp, List<Neighbour> members, Optional<String> leader) {
  /**
   * A member.
   *
   * @param isReachable as far as the failure detector knows
   */
  record Neighbour(String node, NodeAddress address, boolean isReachable) {}

  AdmissionAnswer answer(Applicant applicant) {
    if (applicant.protocol() != self.protocol()) {
      return new AdmissionAnswer.Refused(
          "%s at %s runs Staffetta %s, which does not fit this node's %s (protocol %d and %d); install"
                  .formatted(
                      self.node(),
                      self.address(),
                      self.version(),
                      applicant.version(),
                      self.protocol(),
                      applicant.protocol())
              + " the same version",
          false);
    }
    if (self.cluster().isPresent()
        && applicant.cluster().isPresent()
        && !self.cluster().equals(applicant.cluster())) {
      return new AdmissionAnswer.Refused(
          "%s at %s is of cluster %s, this node's data is of cluster %s; correct"
                  .formatted(
                      self.node(), self.address(), self.cluster().get(), applicant.cluster().get())
              + " cluster.seed-nodes, or give the node an empty data directory",
          false);
    }
    if (applicant.partitions() != self.partitions()) {
      return new AdmissionAnswer.Refused(
          "the cluster of %s at %s has %d partitions, this node's store.partitions is %d; set it"
                  .formatted(self.node(), self.address(), self.partitions(), applicant.partitions())
              + " to "
              + self.partitions(),
          false);
    }
    return isUp ? ofMember(applicant) : new AdmissionAnswer.NotYet(self.node(), self.cluster());
  }

  private AdmissionAnswer ofMember(Applicant applicant) {
    Optional<Neighbour> namesake =
        members.stream()
            .filter(member -> member.node().equals(applicant.node()))
            .filter(member -> !member.address().equals(applicant.address()))
            .findFirst();
    if (namesake.isEmpty()) {
      return new AdmissionAnswer.Welcome(
          self.cluster().orElseThrow(),
          self.partitions(),
          self.address(),
          members.stream()
              .collect(
                  Collectors.toMap(Neighbour::node, Neighbour::address, (first, second) -> second)),
          leader);
    }
    // It may be the same node, at its address before a restart: that one will be seen to be gone.
    return namesake.get().isReachable()
        ? new AdmissionAnswer.Refused(
            "a node named %s is already in the cluster and alive, at %s; give this one another"
                    .formatted(applicant.node(), namesake.get().address())
                + " node.name",
            true)
        : new AdmissionAnswer.NotYet(self.node(), self.cluster());
  }
}
