package dev.staffetta.mailbox;

import dev.staffetta.ports.MailboxId;
import dev.staffetta.sharding.Answer;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/** Whom a mailbox talks to. */
public interface MailboxNeighbours {
  /**
   * What its account says of a mailbox: its UIDVALIDITY, or that there is none such. Fails when the
   * account does not answer.
   */
  CompletionStage<OptionalLong> uidValidity(MailboxId mailbox);

  /** Offers messages to another mailbox of the account. Fails when it does not answer. */
  CompletionStage<Answer<Transfer>> receive(
      MailboxId target, Function<ActorRef<Answer<Transfer>>, MailboxCommand> command);

  /** Asks the shard to stop a mailbox that has nothing to do, losing no message to it. */
  void passivate(ActorRef<MailboxCommand> mailbox);
}
