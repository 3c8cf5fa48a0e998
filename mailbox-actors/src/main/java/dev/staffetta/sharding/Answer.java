package dev.staffetta.sharding;

import dev.staffetta.ports.Refusal;

/**
 * What an entity answers to a command: a value, or no.
 *
 * @param <R> the value
 */
public sealed interface Answer<R> extends EntityMessage {
  /** Done; what has changed is durable. */
  record Done<R>(R value) implements Answer<R> {
    @Override
    public R orRefuse() {
      return value;
    }
  }

  /** Not done, and why; nothing has changed, unless the code is {@code UNAVAILABLE}. */
  record Refused<R>(Refusal.Code code, String text) implements Answer<R> {
    @Override
    public R orRefuse() {
      throw new Refusal(code, text);
    }
  }

  /** The value; throws {@link Refusal} when the answer is no. */
  R orRefuse();

  /** A value. */
  static <R> Answer<R> done(R value) {
    return new Done<>(value);
  }

  /** The answer no. */
  static <R> Answer<R> refused(Refusal refusal) {
    return new Refused<>(refusal.code(), refusal.getMessage());
  }

  /** The answer that nobody can tell now; the same command may be sent again. */
  static <R> Answer<R> unavailable() {
    return new Refused<>(Refusal.Code.UNAVAILABLE, "temporarily unavailable, try again later");
  }
}
