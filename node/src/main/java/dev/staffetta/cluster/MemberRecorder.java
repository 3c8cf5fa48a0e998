package dev.staffetta.cluster;

import dev.staffetta.config.NodeAddress;
import dev.staffetta.sharding.NodeNames;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Writes down who is in the cluster, and tells the log who is lost and found. It owns {@link
 * KnownMembers}; a crash between two changes loses the last line of a file that is only a hint, and
 * the actor is started again, since the disk may have been full for a moment.
 */
final class MemberRecorder {
  private MemberRecorder() {}

  /** Starts it, where it may block. */
  static void start(ActorSystem<?> system, KnownMembers known) {
    system.systemActorOf(
        Behaviors.supervise(create(known)).onFailure(SupervisorStrategy.restart()),
        "member-recorder",
        DispatcherSelector.blocking());
  }

  private static Behavior<ClusterEvent.ClusterDomainEvent> create(KnownMembers known) {
    return Behaviors.setup(
        context -> {
          Cluster cluster = Cluster.get(context.getSystem());
          cluster
              .subscriptions()
              .tell(Subscribe.create(context.getSelf(), ClusterEvent.ClusterDomainEvent.class));
          record(cluster, known);
          return Behaviors.receive(ClusterEvent.ClusterDomainEvent.class)
              .onMessage(
                  ClusterEvent.MemberEvent.class,
                  event -> {
                    record(cluster, known);
                    return Behaviors.same();
                  })
              .onMessage(
                  ClusterEvent.UnreachableMember.class,
                  event -> {
                    context.getLog().warn("{} is unreachable", NodeNames.of(event.member()));
                    return Behaviors.same();
                  })
              .onMessage(
                  ClusterEvent.ReachableMember.class,
                  event -> {
                    context.getLog().info("{} is reachable again", NodeNames.of(event.member()));
                    return Behaviors.same();
                  })
              .build();
        });
  }

  private static void record(Cluster cluster, KnownMembers known) {
    Map<String, NodeAddress> present = new LinkedHashMap<>();
    String self = NodeNames.of(cluster.selfMember());
    for (AdmissionRules.Neighbour member : Members.present(cluster.state())) {
      if (!self.equals(member.node())) {
        present.put(member.node(), member.address());
      }
    }
    known.seen(present);
  }
}
