package dev.staffetta.sharding;

import dev.staffetta.ports.Refusal;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;

/**
 * Commands that came to an entity and that it has not looked at yet, because it is recovering or
 * writing. Pekko forgets them when the entity ends, as it does when a write fails or its partition
 * is led elsewhere; here they are refused instead, so that whoever sent them asks again at once and
 * not when his patience ends.
 *
 * <p>Belongs to one entity's actor; used on its thread only.
 *
 * @param <M> the commands
 */
public final class Arrivals<M extends EntityMessage> {
  private final Set<M> notSeen = Collections.newSetFromMap(new IdentityHashMap<>());

  private Arrivals() {}

  /** Makes an entity whose commands are not forgotten. */
  public static <M extends EntityMessage> Behavior<M> of(
      Class<M> type, Function<Arrivals<M>, Behavior<M>> entity) {
    return Behaviors.setup(
        context -> {
          Arrivals<M> arrivals = new Arrivals<>();
          return Behaviors.intercept(() -> arrivals.gate(type), entity.apply(arrivals));
        });
  }

  /** The entity's command handler; each command counts as seen from then on. */
  public <E, S> CommandHandler<M, E, S> seenBy(CommandHandler<M, E, S> handler) {
    return (state, command) -> {
      notSeen.remove(command);
      return handler.apply(state, command);
    };
  }

  private BehaviorInterceptor<M, M> gate(Class<M> type) {
    return new BehaviorInterceptor<>(type) {
      @Override
      public Behavior<M> aroundReceive(
          TypedActorContext<M> context, M command, ReceiveTarget<M> target) {
        if (!(command instanceof EntityMessage.ToItself)) {
          notSeen.add(command);
        }
        return target.apply(context, command);
      }

      @Override
      public Behavior<M> aroundSignal(
          TypedActorContext<M> context, Signal signal, SignalTarget<M> target) {
        if (signal instanceof PostStop) {
          notSeen.forEach(
              command -> command.refuse(Refusal.Code.UNAVAILABLE, "it ended, try again"));
          notSeen.clear();
        }
        return target.apply(context, signal);
      }
    };
  }
}
