package dev.staffetta.smtp;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Refusal;

/** Waits for the verdict on user and password (RFC 4954 4, 6). */
record VerifyingPassword() implements SmtpPhase {
  @Override
  public void authenticated(AccountId account, Turn turn) {
    turn.become(turn.state().authenticated(account).phase(new AwaitingCommand()));
    turn.reply(SmtpReply.of(235, "2.7.0", "authentication succeeded"));
  }

  @Override
  public void failed(Refusal refusal, Turn turn) {
    turn.await(new AwaitingCommand());
    if (refusal.code() == Refusal.Code.UNAVAILABLE) {
      turn.reply(SmtpReply.of(454, "4.7.0", "temporary authentication failure, try again later"));
    } else {
      turn.refuseAuthentication(SmtpReply.of(535, "5.7.8", "user or password is wrong"));
    }
  }
}
