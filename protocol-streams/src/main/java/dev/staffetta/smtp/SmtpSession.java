package dev.staffetta.smtp;

import dev.staffetta.wire.Connection;
import dev.staffetta.wire.SessionMachine;
import dev.staffetta.wire.Step;
import java.time.Instant;

/**
 * The session of SMTP receive and submission. What it does on an input is in the {@link SmtpPhase}
 * it is in; for a command, in {@link CommandStep}.
 */
final class SmtpSession implements SessionMachine<SmtpState, SmtpInput, SmtpOutput, SmtpEffect> {
  private final SmtpRules rules;

  SmtpSession(SmtpRules rules) {
    this.rules = rules;
  }

  @Override
  public Step<SmtpState, SmtpOutput, SmtpEffect> start(Connection connection, Instant now) {
    return Step.reply(
        SmtpState.of(connection), SmtpReply.plain(220, rules.hostName() + " ESMTP Staffetta"));
  }

  @Override
  public Step<SmtpState, SmtpOutput, SmtpEffect> on(SmtpState state, SmtpInput input, Instant now) {
    Turn turn = new Turn(rules, state, now);
    input.into(state.phase(), turn);
    return turn.step();
  }
}
