package dev.staffetta.sharding;

import dev.staffetta.ports.Refusal;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A message to an entity that wants an answer.
 *
 * @param <R> the value that is hoped for
 */
public interface Question<R> extends EntityMessage {
  /** Who is answered. */
  ActorRef<Answer<R>> replyTo();

  @Override
  default void refuse(Refusal.Code code, String text) {
    replyTo().tell(new Answer.Refused<>(code, text));
  }
}
