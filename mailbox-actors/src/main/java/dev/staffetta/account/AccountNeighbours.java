package dev.staffetta.account;

import dev.staffetta.ports.MailboxId;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/** Whom an account talks to. */
public interface AccountNeighbours {
  /** Deletes a mailbox with all its messages; completes when nothing is left. May be repeated. */
  CompletionStage<Done> delete(MailboxId mailbox, long uidValidity);

  /**
   * Moves all messages of one mailbox to another. May be repeated.
   *
   * @return fails with a {@code Refusal} when the target would not have them
   */
  CompletionStage<Done> moveAll(MailboxId from, MailboxId to);

  /** Asks the shard to stop an account that has nothing to do, losing no message to it. */
  void passivate(ActorRef<AccountCommand> account);
}
