package dev.staffetta.cluster;

import dev.staffetta.config.NodeAddress;
import dev.staffetta.sharding.LeaderBoard;
import dev.staffetta.sharding.NodeNames;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Gives up a member at once that two witnesses find dead: Raft, in which it has lost a leadership
 * to a newer term, and either the failure detector, to which it is unreachable, or its own machine,
 * which refuses connections to it. What lived on it can then start where its partitions are led
 * now, without the time that the split brain resolver waits to see a larger picture. After the end
 * of a process the machine's word comes a second or two before the failure detector's.
 *
 * <p>Only where this node finds most members alive, itself among them, so that the few on the wrong
 * side of a split give up nobody. It may still be wrong about a node that stood still for some
 * seconds; that one joins again, and could not have written meanwhile. The actor owns nothing but
 * whom its machine has said to be gone and who is unreachable; every event makes it look at all
 * again.
 */
final class QuickDowning {
  private final ActorContext<Object> context;
  private final Cluster cluster;
  private final LostLeaderships lost;
  private final Executor blocking;
  private final Set<UniqueAddress> asked = new HashSet<>();
  private final Set<UniqueAddress> gone = new HashSet<>();

  /** As the events said: the cluster's state may be behind them, and no further event come. */
  private final Set<UniqueAddress> unreachable = new HashSet<>();

  private QuickDowning(ActorContext<Object> context) {
    this.context = context;
    this.cluster = Cluster.get(context.getSystem());
    this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    this.lost =
        LostLeaderships.watch(
            LeaderBoard.of(context.getSystem()), () -> context.getSelf().tell(Look.NOW));
    cluster
        .subscriptions()
        .tell(
            Subscribe.create(
                context.getSelf().<ClusterEvent.ReachabilityEvent>narrow(),
                ClusterEvent.ReachabilityEvent.class));
  }

  /** What makes it look. */
  private enum Look {
    NOW
  }

  /** What a member's machine said. */
  private record Asked(UniqueAddress member, boolean isGone) {}

  /** Starts it. */
  static void start(ActorSystem<?> system) {
    system.systemActorOf(
        Behaviors.<Object>setup(context -> new QuickDowning(context).watching()),
        "quick-downing",
        Props.empty());
  }

  private Behavior<Object> watching() {
    return Behaviors.receive(Object.class)
        .onMessage(Asked.class, this::onAsked)
        .onMessage(
            ClusterEvent.UnreachableMember.class,
            event -> {
              unreachable.add(event.member().uniqueAddress());
              return look();
            })
        .onMessage(
            ClusterEvent.ReachableMember.class,
            event -> {
              unreachable.remove(event.member().uniqueAddress());
              return look();
            })
        .onAnyMessage(any -> look())
        .build();
  }

  private Behavior<Object> onAsked(Asked answer) {
    asked.remove(answer.member());
    if (answer.isGone()) {
      gone.add(answer.member());
      WitnessedFailureDetector.gone(answer.member().address());
      return look();
    }
    return Behaviors.same();
  }

  private Behavior<Object> look() {
    ClusterEvent.CurrentClusterState state = cluster.state();
    List<Member> counted =
        StreamSupport.stream(state.getMembers().spliterator(), false)
            .filter(QuickDowning::counts)
            .toList();
    gone.retainAll(counted.stream().map(Member::uniqueAddress).toList());
    List<Member> dead =
        counted.stream().filter(m -> isUnreachable(m) || gone.contains(m.uniqueAddress())).toList();
    if (2 * (counted.size() - dead.size()) > counted.size()) {
      dead.stream().filter(this::hasLost).forEach(this::giveUp);
    }
    counted.stream()
        .filter(m -> hasLost(m) && !dead.contains(m) && !m.equals(cluster.selfMember()))
        .forEach(this::ask);
    return Behaviors.same();
  }

  private boolean isUnreachable(Member member) {
    return unreachable.contains(member.uniqueAddress());
  }

  private void giveUp(Member member) {
    context
        .getLog()
        .warn(
            "{} is given up: it is {}, and others lead what it led",
            NodeNames.of(member),
            gone.contains(member.uniqueAddress()) ? "gone" : "unreachable");
    cluster.manager().tell(new Down(member.address()));
  }

  private void ask(Member member) {
    UniqueAddress of = member.uniqueAddress();
    Optional<NodeAddress> address = Members.addressOf(member.address());
    if (address.isPresent() && asked.add(of)) {
      context.pipeToSelf(
          CompletableFuture.supplyAsync(() -> Liveness.isGone(address.get()), blocking),
          (isGone, failure) -> new Asked(of, failure == null && isGone));
    }
  }

  private boolean hasLost(Member member) {
    return lost.has(NodeNames.of(member));
  }

  private static boolean counts(Member member) {
    return member.status().equals(MemberStatus.up())
        || member.status().equals(MemberStatus.leaving());
  }
}
