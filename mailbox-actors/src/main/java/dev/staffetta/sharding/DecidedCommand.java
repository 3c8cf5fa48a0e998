package dev.staffetta.sharding;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * A command that may change an entity: what it comes to is a pure function of the entity's state.
 *
 * @param <S> the entity's state
 * @param <C> its changes: what is written
 * @param <X> what else the decision depends on: limits, the time
 * @param <R> what is answered
 */
public interface DecidedCommand<S, C, X, R> extends Question<R> {
  /** Who is answered, once the changes are durable. */
  @Override
  ActorRef<Answer<R>> replyTo();

  /** What is to be written and answered; throws {@link dev.staffetta.ports.Refusal} for no. */
  Decision<C, R> decide(S state, X context);

  /** About how many bytes it makes the entity write. */
  default int weightInBytes() {
    return 200;
  }
}
