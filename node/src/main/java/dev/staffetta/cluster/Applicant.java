package dev.staffetta.cluster;

import dev.staffetta.config.NodeAddress;
import java.util.Optional;

/**
 * A node that asks to be let in.
 *
 * @param protocol version of what nodes say to each other; only equal ones fit
 * @param version of the software, for people
 * @param cluster whose data it has; empty: none yet
 * @param node its name
 * @param partitions that its settings say
 * @param address of its actors
 */
public record Applicant(
    int protocol,
    String version,
    Optional<String> cluster,
    String node,
    int partitions,
    NodeAddress address) {
  /** Rises when nodes of two versions could not work in one cluster. */
  public static final int PROTOCOL = 1;

  /** The same node once it has data. */
  Applicant of(String newCluster) {
    return new Applicant(protocol, version, Optional.of(newCluster), node, partitions, address);
  }

  /** The same node, as it must tell others that it cannot be joined yet. */
  Applicant withoutData() {
    return new Applicant(protocol, version, Optional.empty(), node, partitions, address);
  }
}
