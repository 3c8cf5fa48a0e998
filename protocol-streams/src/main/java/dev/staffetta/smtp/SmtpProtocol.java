package dev.staffetta.smtp;

import dev.staffetta.wire.Framer;
import dev.staffetta.wire.Outgoing;
import dev.staffetta.wire.Protocol;
import dev.staffetta.wire.SessionMachine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** SMTP on one connection. */
public final class SmtpProtocol
    implements Protocol<SmtpState, SmtpFrame, SmtpInput, SmtpOutput, SmtpEffect> {
  private final SmtpService service;
  private final SmtpEffects effects;

  /** For one connection; see {@link SmtpService#connection}. */
  SmtpProtocol(SmtpService service) {
    this.service = service;
    this.effects = new SmtpEffects(service);
  }

  @Override
  public SessionMachine<SmtpState, SmtpInput, SmtpOutput, SmtpEffect> machine() {
    return new SmtpSession(
        new SmtpRules(
            service.role(),
            service.hostName(),
            service.settings(),
            service.deliveries().isRelaying()));
  }

  @Override
  public Framer<SmtpFrame> framer() {
    return new SmtpFramer(SmtpGrammar.MAX_AUTH_LINE);
  }

  @Override
  public SmtpInput frame(SmtpFrame frame) {
    return frame;
  }

  /** What is not whole by then is no message (RFC 5321 4.1.1.4). */
  @Override
  public Optional<SmtpInput> endOfInput() {
    return Optional.empty();
  }

  @Override
  public SmtpInput timedOut() {
    return new SmtpInput.TimedOut();
  }

  @Override
  public SmtpInput shutdown() {
    return new SmtpInput.Stopping();
  }

  @Override
  public Duration timeout(SmtpState state) {
    return state.phase().timeout(service.settings());
  }

  @Override
  public boolean readsDuringEffects(SmtpState state) {
    return false;
  }

  @Override
  public Outgoing render(SmtpOutput output) {
    return output.outgoing();
  }

  @Override
  public CompletionStage<SmtpInput> run(SmtpEffect effect, Consumer<SmtpInput> events) {
    return effects.run(effect);
  }

  @Override
  public void closed(SmtpState state) {
    effects.close();
  }
}
