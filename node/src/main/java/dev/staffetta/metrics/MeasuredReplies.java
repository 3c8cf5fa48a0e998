package dev.staffetta.metrics;

import dev.staffetta.wire.Framer;
import dev.staffetta.wire.Outgoing;
import dev.staffetta.wire.Protocol;
import dev.staffetta.wire.SessionMachine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** SMTP on one connection, whose replies are counted. */
final class MeasuredReplies<S, F, I, R, E> implements Protocol<S, F, I, R, E> {
  private final Protocol<S, F, I, R, E> protocol;
  private final SmtpReplies replies;

  MeasuredReplies(Protocol<S, F, I, R, E> protocol, SmtpReplies replies) {
    this.protocol = protocol;
    this.replies = replies;
  }

  @Override
  public SessionMachine<S, I, R, E> machine() {
    return protocol.machine();
  }

  @Override
  public Framer<F> framer() {
    return protocol.framer();
  }

  @Override
  public I frame(F frame) {
    return protocol.frame(frame);
  }

  @Override
  public Optional<I> endOfInput() {
    return protocol.endOfInput();
  }

  @Override
  public I timedOut() {
    return protocol.timedOut();
  }

  @Override
  public I shutdown() {
    return protocol.shutdown();
  }

  @Override
  public Duration timeout(S state) {
    return protocol.timeout(state);
  }

  @Override
  public boolean asks() {
    return protocol.asks();
  }

  @Override
  public boolean readsDuringEffects(S state) {
    return protocol.readsDuringEffects(state);
  }

  @Override
  public Outgoing render(R reply) {
    Outgoing outgoing = protocol.render(reply);
    if (outgoing instanceof Outgoing.Bytes said) {
      replies.count(said.bytes());
    }
    return outgoing;
  }

  @Override
  public CompletionStage<I> run(E effect, Consumer<I> events) {
    return protocol.run(effect, events);
  }

  @Override
  public Optional<I> coalesce(I earlier, I later) {
    return protocol.coalesce(earlier, later);
  }

  @Override
  public void closed(S state) {
    protocol.closed(state);
  }
}
