package dev.staffetta.mailbox;

import dev.staffetta.ports.MailboxId;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Place;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/** Whom a mailbox talks to, and where it is. */
public interface MailboxNeighbours extends Place<MailboxCommand> {
  /**
   * What its account says of a mailbox: its UIDVALIDITY, or that there is none such. Fails when the
   * account does not answer.
   */
  CompletionStage<OptionalLong> uidValidity(MailboxId mailbox);

  /** Offers messages to another mailbox of the account. Fails when it does not answer. */
  CompletionStage<Answer<Transfer>> receive(
      MailboxId target, Function<ActorRef<Answer<Transfer>>, MailboxCommand> command);
}
