package dev.staffetta.smtp;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Refusal;

/** Waits for the message to be placed for every recipient (RFC 5321 4.1.1.4, RFC 5321 6.1). */
record Delivering() implements SmtpPhase {
  @Override
  public void delivered(ContentId content, Turn turn) {
    turn.become(turn.state().messageDelivered().phase(new AwaitingCommand()));
    turn.reply(SmtpReply.of(250, "2.0.0", "ok: accepted " + content));
  }

  @Override
  public void failed(Refusal refusal, Turn turn) {
    turn.await(new AwaitingCommand());
    turn.reply(reply(refusal, turn));
  }

  private static SmtpReply reply(Refusal refusal, Turn turn) {
    return switch (refusal.code()) {
      case UNAVAILABLE -> SmtpReply.of(451, "4.3.0", "cannot deliver now, try again later");
      case INUSE -> SmtpReply.of(450, "4.2.0", "a mailbox is in use, try again later");
      case NONEXISTENT -> SmtpReply.of(550, "5.1.1", "a recipient does not exist any more");
      case OVERQUOTA, LIMIT -> SmtpReply.of(552, "5.2.2", "a recipient's mailbox is full");
      case TOOBIG -> CommandStep.tooBig(turn);
      case LOOP -> SmtpReply.of(554, "5.4.6", refusal.getMessage());
      case NOPERM -> SmtpReply.of(550, "5.7.1", refusal.getMessage());
      case CANNOT, ALREADYEXISTS -> SmtpReply.of(554, "5.3.0", "cannot be delivered");
    };
  }
}
