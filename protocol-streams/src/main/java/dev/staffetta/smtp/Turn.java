package dev.staffetta.smtp;

import dev.staffetta.wire.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of the session in the making. Made by one call of the machine and gone when that
 * returns, so that nothing of it is ever shared.
 */
final class Turn {
  private final SmtpRules rules;
  private final Instant now;
  private final List<SmtpOutput> outputs = new ArrayList<>();
  private final List<SmtpEffect> effects = new ArrayList<>();
  private SmtpState state;

  Turn(SmtpRules rules, SmtpState state, Instant now) {
    this.rules = rules;
    this.state = state;
    this.now = now;
  }

  SmtpRules rules() {
    return rules;
  }

  SmtpState state() {
    return state;
  }

  Instant now() {
    return now;
  }

  /** The session from now on. */
  void become(SmtpState next) {
    state = next;
  }

  /** What the session waits for from now on. */
  void await(SmtpPhase next) {
    state = state.phase(next);
  }

  /** A reply after which the session goes on. */
  void reply(SmtpReply reply) {
    outputs.add(reply);
  }

  /** The reply to a command that should not have come; the last one of too many. */
  void fault(SmtpReply reply) {
    state = state.counted(1, 0, 0);
    if (state.faults() >= rules.settings().maxFaults()) {
      close(SmtpReply.of(421, "4.7.0", rules.hostName() + " too many bad commands"));
    } else {
      reply(reply);
    }
  }

  /** The reply to a recipient that is not taken. */
  void refuseRecipient(SmtpReply reply) {
    state = state.counted(0, 1, 0);
    if (state.refusedRecipients() >= rules.settings().maxRefusedRecipients()) {
      close(SmtpReply.of(421, "4.7.0", rules.hostName() + " too many refused recipients"));
    } else {
      reply(reply);
    }
  }

  /** The reply to a wrong password. */
  void refuseAuthentication(SmtpReply reply) {
    state = state.counted(0, 0, 1);
    if (state.failedAuthentications() >= rules.settings().maxFailedAuthentications()) {
      close(SmtpReply.of(421, "4.7.0", rules.hostName() + " too many failed authentications"));
    } else {
      reply(reply);
    }
  }

  /** What follows is a message. */
  void receive(SmtpMode mode) {
    outputs.add(new SmtpOutput.Receive(mode));
  }

  /** What follows is TLS. */
  void startTls() {
    outputs.add(new SmtpOutput.StartTls());
  }

  /** Asks something of the ports. */
  void run(SmtpEffect effect) {
    effects.add(effect);
  }

  /** Says the last thing and ends the session. */
  void close(SmtpReply farewell) {
    outputs.add(farewell);
    outputs.add(new SmtpOutput.Close());
    await(new Closed());
  }

  Step<SmtpState, SmtpOutput, SmtpEffect> step() {
    return new Step<>(state, outputs, effects);
  }
}
