package dev.staffetta.cluster;

import dev.staffetta.config.NodeAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Notices that this node is in the wrong actors' cluster. Two clusters over one store can come of a
 * split at a bad moment; the right one is where the leader of partition 0 is. Who that is the node
 * knows from its own replica, or it asks the nodes that it knows of and that are not in its
 * cluster.
 *
 * <p>It owns the time since which the leader has been elsewhere; a crash would begin to count anew.
 */
final class ClusterWatch {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** Of the looks, so many go by between two questions to others. */
  private static final int LOOKS_PER_ENQUIRY = 5;

  private final Cluster cluster;
  private final Applicant self;
  private final Enquiry enquiry;
  private final Collection<NodeAddress> known;
  private final Supplier<Optional<String>> ownView;
  private final Duration lonelyAfter;
  private final Consumer<String> lonely;
  private Optional<String> heardOf = Optional.empty();
  private long lastTogether = System.nanoTime();
  private int looks;

  private ClusterWatch(
      ActorContext<Command> context,
      Applicant self,
      Duration lonelyAfter,
      Collection<NodeAddress> known,
      Supplier<Optional<String>> ownView,
      Consumer<String> lonely) {
    this.cluster = Cluster.get(context.getSystem());
    this.enquiry = new Enquiry(context.getSystem());
    this.self = self;
    this.known = known;
    this.ownView = ownView;
    this.lonelyAfter = lonelyAfter;
    this.lonely = lonely;
  }

  private sealed interface Command {}

  private enum Look implements Command {
    NOW
  }

  private record Heard(Map<NodeAddress, AdmissionAnswer> answers) implements Command {}

  /**
   * Starts it, in a node that is up.
   *
   * @param lonelyAfter without the leader in its cluster it had better join anew
   * @param known other nodes that there are or were
   * @param ownView who leads partition 0, as far as this node's own replica knows
   * @param lonely hears once why the node had better join anew
   */
  static void start(
      ActorSystem<?> system,
      Applicant self,
      Duration lonelyAfter,
      Collection<NodeAddress> known,
      Supplier<Optional<String>> ownView,
      Consumer<String> lonely) {
    Behavior<Command> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      timers.startTimerWithFixedDelay(Look.NOW, LOOK_EVERY);
                      return new ClusterWatch(context, self, lonelyAfter, known, ownView, lonely)
                          .watching(context, timers);
                    }));
    system.systemActorOf(behavior, "cluster-watch", Props.empty());
  }

  private Behavior<Command> watching(
      ActorContext<Command> context, TimerScheduler<Command> timers) {
    return Behaviors.receive(Command.class)
        .onMessage(
            Heard.class,
            heard -> {
              heardOf = leader(heard.answers());
              return Behaviors.same();
            })
        .onMessage(
            Look.class,
            look -> {
              if (isLonely(context)) {
                timers.cancelAll();
              }
              return Behaviors.same();
            })
        .build();
  }

  /** What a cluster says that this node is not in. */
  private static Optional<String> leader(Map<NodeAddress, AdmissionAnswer> answers) {
    return answers.values().stream()
        .filter(AdmissionAnswer.Welcome.class::isInstance)
        .map(AdmissionAnswer.Welcome.class::cast)
        .flatMap(welcome -> welcome.leader().stream())
        .findFirst();
  }

  private boolean isLonely(ActorContext<Command> context) {
    Optional<String> leader = ownView.get().or(() -> heardOf);
    if (leader.isEmpty() || isPresent(leader.get())) {
      lastTogether = System.nanoTime();
    }
    if (looks++ % LOOKS_PER_ENQUIRY == 0) {
      askStrangers(context);
    }
    Duration apart = Duration.ofNanos(System.nanoTime() - lastTogether);
    if (apart.compareTo(lonelyAfter) < 0) {
      return false;
    }
    lonely.accept(
        "%s leads partition 0 and has not been in this node's cluster for %d s"
            .formatted(leader.orElse("another node"), apart.toSeconds()));
    return true;
  }

  private boolean isPresent(String node) {
    return Members.present(cluster.state()).stream()
        .anyMatch(member -> member.node().equals(node) && member.isReachable());
  }

  private void askStrangers(ActorContext<Command> context) {
    Set<NodeAddress> strangers = new LinkedHashSet<>(known);
    Members.present(cluster.state()).forEach(member -> strangers.remove(member.address()));
    strangers.remove(self.address());
    if (strangers.isEmpty()) {
      heardOf = Optional.empty();
      return;
    }
    context.pipeToSelf(
        enquiry.ask(self, strangers),
        (answers, failure) -> new Heard(failure == null ? answers : Map.of()));
  }
}
