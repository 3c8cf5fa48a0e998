package dev.staffetta.cluster;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Answers nodes that ask to join. There is one a node, from before it is in a cluster itself until
 * its end; it is found by its path, since those who ask know nothing but an address.
 *
 * <p>It owns who this node says it is, which becomes more when the node gets data; a crash starts
 * the node anew.
 */
final class Admission {
  /** Where it is, in the actor system of every node. */
  static final String PATH = "/system/admission";

  private static final String NAME = "admission";

  private Admission() {}

  /** What it is told. */
  interface Command {}

  /** The node has data of a cluster from now on. */
  record HasData(String cluster) implements Command {}

  /**
   * Starts it.
   *
   * @param leader who leads partition 0, as far as this node knows
   */
  static ActorRef<Command> start(
      ActorSystem<?> system, Applicant self, Supplier<Optional<String>> leader) {
    return system.systemActorOf(
        Behaviors.setup(context -> answering(Cluster.get(context.getSystem()), self, leader)),
        NAME,
        Props.empty());
  }

  private static Behavior<Command> answering(
      Cluster cluster, Applicant self, Supplier<Optional<String>> leader) {
    return Behaviors.receive(Command.class)
        .onMessage(HasData.class, told -> answering(cluster, self.of(told.cluster()), leader))
        .onMessage(
            AdmissionRequest.class,
            request -> {
              request.replyTo().tell(rules(cluster, self, leader).answer(request.applicant()));
              return Behaviors.same();
            })
        .build();
  }

  private static AdmissionRules rules(
      Cluster cluster, Applicant self, Supplier<Optional<String>> leader) {
    ClusterEvent.CurrentClusterState state = cluster.state();
    return new AdmissionRules(
        self,
        self.cluster().isPresent() && cluster.selfMember().status().equals(MemberStatus.up()),
        Members.present(state),
        leader.get());
  }
}
