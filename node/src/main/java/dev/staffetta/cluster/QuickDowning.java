package dev.staffetta.cluster;

import dev.staffetta.sharding.LeaderBoard;
import dev.staffetta.sharding.NodeNames;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Gives up a member at once that two witnesses find dead: the failure detector, to which it is
 * unreachable, and Raft, in which it has lost a leadership to a newer term. What lived on it can
 * then start where its partitions are led now, without the time that the split brain resolver waits
 * to see a larger picture.
 *
 * <p>Only where this node sees most members reachable, itself among them, so that the few on the
 * wrong side of a split give up nobody. It may still be wrong about a node that stood still for
 * some seconds; that one joins again, and could not have written meanwhile. The actor owns nothing;
 * every event makes it look at all again.
 */
final class QuickDowning {
  private QuickDowning() {}

  /** What makes it look. */
  private enum Look {
    NOW
  }

  /** Starts it. */
  static void start(ActorSystem<?> system) {
    system.systemActorOf(
        Behaviors.<Object>setup(QuickDowning::watching), "quick-downing", Props.empty());
  }

  private static Behavior<Object> watching(ActorContext<Object> context) {
    Cluster cluster = Cluster.get(context.getSystem());
    cluster
        .subscriptions()
        .tell(
            Subscribe.create(
                context.getSelf().<ClusterEvent.ReachabilityEvent>narrow(),
                ClusterEvent.ReachabilityEvent.class));
    LostLeaderships lost =
        LostLeaderships.watch(
            LeaderBoard.of(context.getSystem()), () -> context.getSelf().tell(Look.NOW));
    return Behaviors.receive(Object.class)
        .onAnyMessage(
            any -> {
              for (Member member : dead(cluster.state(), lost::has)) {
                context
                    .getLog()
                    .warn(
                        "{} is given up: it is unreachable, and others lead what it led",
                        NodeNames.of(member));
                cluster.manager().tell(new Down(member.address()));
              }
              return Behaviors.same();
            })
        .build();
  }

  private static List<Member> dead(
      ClusterEvent.CurrentClusterState state, Predicate<String> hasLost) {
    Set<Member> unreachable = state.getUnreachable();
    List<Member> counted =
        StreamSupport.stream(state.getMembers().spliterator(), false)
            .filter(QuickDowning::counts)
            .toList();
    long reachable = counted.stream().filter(member -> !unreachable.contains(member)).count();
    if (2 * reachable <= counted.size()) {
      return List.of();
    }
    return counted.stream()
        .filter(unreachable::contains)
        .filter(member -> hasLost.test(NodeNames.of(member)))
        .toList();
  }

  private static boolean counts(Member member) {
    return member.status().equals(MemberStatus.up())
        || member.status().equals(MemberStatus.leaving());
  }
}
