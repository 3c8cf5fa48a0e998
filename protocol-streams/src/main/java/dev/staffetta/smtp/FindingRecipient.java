package dev.staffetta.smtp;

import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;

/** Waits to hear who the recipient of a RCPT is. */
record FindingRecipient(Transaction transaction) implements SmtpPhase {
  static final SmtpReply TAKEN = SmtpReply.of(250, "2.1.5", "recipient ok");

  @Override
  public void recipientFound(MailAddress address, Deliveries.Recipient kind, Turn turn) {
    turn.await(new AwaitingCommand(transaction));
    switch (kind) {
      case LOCAL -> take(address, turn);
      case UNKNOWN -> turn.refuseRecipient(SmtpReply.of(550, "5.1.1", "no such mailbox here"));
      case REMOTE -> refuseRemote(turn);
    }
  }

  /** Only postmaster can be here twice now: it got its domain just now. */
  private void take(MailAddress address, Turn turn) {
    turn.reply(TAKEN);
    if (!transaction.has(address)) {
      turn.await(new AwaitingCommand(transaction.with(address)));
    }
  }

  /** To anyone: never a relay. To the owner of an account: not yet, so that the mail waits. */
  private static void refuseRemote(Turn turn) {
    if (turn.rules().role() == SmtpRole.SUBMISSION) {
      turn.reply(SmtpReply.of(451, "4.4.4", "mail to other servers cannot be sent from here yet"));
    } else {
      turn.refuseRecipient(SmtpReply.of(550, "5.7.1", "relaying denied"));
    }
  }

  @Override
  public void failed(Refusal refusal, Turn turn) {
    turn.await(new AwaitingCommand(transaction));
    turn.reply(SmtpReply.of(451, "4.3.0", "cannot look the recipient up now, try again later"));
  }
}
