package dev.staffetta.sharding;

import dev.staffetta.ports.Refusal;
import org.apache.pekko.actor.AllDeadLetters;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;

/**
 * Refuses commands that reached nobody, because their entity had just ended or there was no room
 * for them: whoever sent them asks again at once and not when his patience ends. One a node.
 */
public final class LostLetters {
  private LostLetters() {}

  /** Listens for dead letters. */
  public static Behavior<AllDeadLetters> create() {
    return Behaviors.setup(
        context -> {
          context
              .getSystem()
              .eventStream()
              .tell(new EventStream.Subscribe<>(AllDeadLetters.class, context.getSelf()));
          return Behaviors.receiveMessage(
              letter -> {
                refuse(letter.message());
                return Behaviors.same();
              });
        });
  }

  private static void refuse(Object message) {
    if (message instanceof ShardingEnvelope<?> envelope) {
      refuse(envelope.message());
    } else if (message instanceof EntityMessage command) {
      command.refuse(Refusal.Code.UNAVAILABLE, "it reached nobody, try again");
    }
  }
}
