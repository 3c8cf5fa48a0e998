package dev.staffetta.wire;

import java.util.List;

/**
 * What a session does on an input.
 *
 * @param state the session from now on
 * @param replies for the client, in order
 * @param effects what to ask of the ports; started in order after the replies are queued, each
 *     answer comes back as an input
 */
public record Step<S, R, E>(S state, List<R> replies, List<E> effects) {
  public Step {
    replies = List.copyOf(replies);
    effects = List.copyOf(effects);
  }

  /** Goes on in a state, with replies. */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <S, R, E> Step<S, R, E> reply(S state, R... replies) {
    return new Step<>(state, List.of(replies), List.of());
  }

  /** Goes on in a state, with effects and no reply yet. */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <S, R, E> Step<S, R, E> run(S state, E... effects) {
    return new Step<>(state, List.of(), List.of(effects));
  }
}
