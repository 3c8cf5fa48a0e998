package dev.staffetta.account;

import dev.staffetta.ports.MailboxId;
import dev.staffetta.sharding.Place;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** Whom an account talks to, and where it is. */
public interface AccountNeighbours extends Place<AccountCommand> {
  /** Deletes a mailbox with all its messages; completes when nothing is left. May be repeated. */
  CompletionStage<Done> delete(MailboxId mailbox, long uidValidity);

  /**
   * Moves all messages of one mailbox to another. May be repeated.
   *
   * @return fails with a {@code Refusal} when the target would not have them
   */
  CompletionStage<Done> moveAll(MailboxId from, MailboxId to);
}
