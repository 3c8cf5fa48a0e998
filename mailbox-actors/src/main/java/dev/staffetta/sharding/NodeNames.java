package dev.staffetta.sharding;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;

/**
 * Names of nodes and members of the actors' cluster: a member carries its node's name as a role,
 * {@code node-NAME}.
 */
public final class NodeNames {
  private static final String ROLE_PREFIX = "node-";

  private NodeNames() {}

  /** The role that carries a name. */
  public static String role(String node) {
    return ROLE_PREFIX + node;
  }

  /** A member's node; its address where no role says. */
  public static String of(Member member) {
    return member.getRoles().stream()
        .filter(role -> role.startsWith(ROLE_PREFIX))
        .map(role -> role.substring(ROLE_PREFIX.length()))
        .findFirst()
        .orElseGet(() -> member.address().toString());
  }

  /** The member that a node is now: of an old and a new one the new. */
  public static Optional<Member> member(CurrentClusterState state, String node) {
    return StreamSupport.stream(state.getMembers().spliterator(), false)
        .filter(member -> of(member).equals(node))
        .filter(member -> member.status() != MemberStatus.removed())
        .max(
            Comparator.comparingInt((Member m) -> isLeaving(m) ? 0 : 1)
                .thenComparing((a, b) -> a.isOlderThan(b) ? -1 : b.isOlderThan(a) ? 1 : 0));
  }

  private static boolean isLeaving(Member member) {
    return member.status() == MemberStatus.down() || member.status() == MemberStatus.exiting();
  }
}
