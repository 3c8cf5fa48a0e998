package dev.staffetta.smtp.client;

import dev.staffetta.smtp.client.RecipientOutcome.Result;
import dev.staffetta.smtp.client.RecipientOutcome.Scope;
import java.util.List;

/** Outcomes of messages that were never begun. */
final class Outcomes {
  private Outcomes() {}

  /** The connection is of no use. */
  static List<RecipientOutcome> all(OutgoingMail mail, String why) {
    return Transaction.of(mail)
        .decideRest(Result.TEMPORARY, new RemoteReply(0, "4.4.2", why), Scope.CONNECTION, false)
        .decided();
  }
}
