package dev.staffetta.smtp;

import dev.staffetta.ports.Refusal;

/** Waits to hear whether the client may send under the address of its MAIL (RFC 6409 6.1). */
record CheckingSender(SmtpCommand.Mail mail) implements SmtpPhase {
  @Override
  public void senderChecked(boolean allowed, Turn turn) {
    turn.await(new AwaitingCommand());
    if (allowed) {
      CommandStep.begin(mail, turn);
    } else {
      turn.fault(SmtpReply.of(553, "5.7.1", "you may not send under this address"));
    }
  }

  @Override
  public void failed(Refusal refusal, Turn turn) {
    turn.await(new AwaitingCommand());
    turn.reply(SmtpReply.of(451, "4.3.0", "cannot check the sender now, try again later"));
  }
}
