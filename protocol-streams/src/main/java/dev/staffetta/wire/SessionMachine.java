package dev.staffetta.wire;

import java.time.Instant;

/**
 * A protocol's session as a value: pure, synchronous, total. It has no socket, clock, thread or
 * port of its own.
 *
 * @param <S> state, immutable
 * @param <I> inputs: frames, answers of effects, events
 * @param <R> replies
 * @param <E> effects
 */
public interface SessionMachine<S, I, R, E> {
  /** The session of a new connection: its state, greeting, and first effects. */
  Step<S, R, E> start(Connection connection, Instant now);

  /** What the session does on an input. */
  Step<S, R, E> on(S state, I input, Instant now);
}
