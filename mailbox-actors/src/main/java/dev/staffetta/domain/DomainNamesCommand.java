package dev.staffetta.domain;

import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.sharding.Question;
import java.util.List;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;

/** What the list of all domains may be asked. */
public sealed interface DomainNamesCommand extends EntityMessage {
  /** Lists a domain; answered with whether it was not listed. */
  record Add(String name, ActorRef<Answer<Boolean>> replyTo)
      implements DomainNamesCommand, Question<Boolean> {}

  /** Lists a domain no more; answered with whether it was listed. */
  record Remove(String name, ActorRef<Answer<Boolean>> replyTo)
      implements DomainNamesCommand, Question<Boolean> {}

  /** All names, ascending. */
  record ListAll(ActorRef<Answer<List<String>>> replyTo)
      implements DomainNamesCommand, Question<List<String>> {}

  /**
   * What the store has of the list, read after it was sure that its node leads.
   *
   * @param sequenceNumber of the last change; empty: nobody can say
   */
  record StoreSaid(OptionalLong sequenceNumber) implements DomainNamesCommand, ToItself {}

  /** To itself. */
  enum Signal implements DomainNamesCommand, ToItself {
    /** Leave. */
    STOP
  }
}
