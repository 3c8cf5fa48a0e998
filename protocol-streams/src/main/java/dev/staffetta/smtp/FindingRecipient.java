package dev.staffetta.smtp;

import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.EnvelopeOptions.ForRecipient;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;

/**
 * Waits to hear who the recipient of a RCPT is (RFC 5321 4.1.1.3).
 *
 * @param parameters of the command
 */
record FindingRecipient(Transaction transaction, ForRecipient parameters) implements SmtpPhase {
  static final SmtpReply TAKEN = SmtpReply.of(250, "2.1.5", "recipient ok");

  @Override
  public void recipientFound(MailAddress address, Deliveries.Recipient kind, Turn turn) {
    turn.await(new AwaitingCommand(transaction));
    switch (kind) {
      case LOCAL -> take(address, turn);
      case UNKNOWN -> turn.refuseRecipient(SmtpReply.of(550, "5.1.1", "no such mailbox here"));
      case REMOTE -> takeOrRefuseRemote(address, turn);
    }
  }

  /** Only postmaster can be here twice now: it got its domain just now. */
  private void take(MailAddress address, Turn turn) {
    turn.reply(TAKEN);
    if (!transaction.has(address)) {
      turn.await(new AwaitingCommand(transaction.with(address, parameters)));
    }
  }

  /** Only the owner of an account may send to others; where there is no way, the mail waits. */
  private void takeOrRefuseRemote(MailAddress address, Turn turn) {
    if (turn.rules().role() != SmtpRole.SUBMISSION) {
      turn.refuseRecipient(SmtpReply.of(550, "5.7.1", "relaying denied"));
    } else if (turn.rules().relays()) {
      take(address, turn);
    } else {
      turn.reply(SmtpReply.of(451, "4.4.4", "mail to other servers cannot be sent from here yet"));
    }
  }

  @Override
  public void failed(Refusal refusal, Turn turn) {
    turn.await(new AwaitingCommand(transaction));
    if (refusal.code() == Refusal.Code.LIMIT) {
      turn.reply(SmtpReply.of(450, "4.7.1", refusal.getMessage() + ", try again later"));
      return;
    }
    turn.reply(SmtpReply.of(451, "4.3.0", "cannot look the recipient up now, try again later"));
  }
}
