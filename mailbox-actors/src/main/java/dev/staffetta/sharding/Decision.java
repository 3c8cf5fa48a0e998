package dev.staffetta.sharding;

import java.util.List;
import java.util.Optional;

/**
 * What a command comes to.
 *
 * @param changes to be written first
 * @param answer empty: it comes later
 */
public record Decision<C, R>(List<C> changes, Optional<Answer<R>> answer) {
  public Decision {
    changes = List.copyOf(changes);
  }

  /** Writes changes, then answers. */
  public static <C, R> Decision<C, R> answer(R value, List<C> changes) {
    return new Decision<>(changes, Optional.of(Answer.done(value)));
  }

  /** Writes nothing. */
  public static <C, R> Decision<C, R> answer(R value) {
    return answer(value, List.of());
  }

  /** Writes changes; whoever asked waits on. */
  public static <C, R> Decision<C, R> later(List<C> changes) {
    return new Decision<>(changes, Optional.empty());
  }
}
