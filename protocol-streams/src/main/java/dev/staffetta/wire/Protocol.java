package dev.staffetta.wire;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Binds a pure session to the world for one connection: how input is framed, what a reply is in
 * bytes, how an effect is carried out. One object a connection; all methods but the completion of
 * stages and events run on the connection's stage.
 *
 * <p>The stage works so: it gives the machine an input only when every reply so far has been taken
 * by the client's side, and it takes a frame when besides no effect is under way, or, while effects
 * are under way, when {@link #readsDuringEffects} says so. It asks {@link #timeout} after each
 * step, and offers {@link #timedOut} when it was the client's turn for so long and no frame came.
 */
public interface Protocol<S, F, I, R, E> {
  /** The session. */
  SessionMachine<S, I, R, E> machine();

  /** A new framer. */
  Framer<F> framer();

  /** A frame as an input. */
  I frame(F frame);

  /**
   * The client closed its side; empty: just close. Nothing more will be read, and when the answers
   * of effects under way are in and the replies sent, the connection is closed.
   */
  Optional<I> endOfInput();

  /** No frame came for the time given; the machine answers with a farewell and Close. */
  I timedOut();

  /**
   * The server stops: the machine answers with the protocol's farewell at once (421, BYE) and
   * closes. Given when no effect is under way, so that a message being placed gets its answer.
   */
  I shutdown();

  /** How long the client may say nothing in this state. */
  Duration timeout(S state);

  /**
   * Whether the peer's time to say something starts anew with all that is said to it: on the side
   * of a client, which speaks first, and asks. What the peer says is then heard while bytes are
   * streamed to it as well.
   */
  default boolean asks() {
    return false;
  }

  /** Whether frames are taken while effects are under way (IDLE). */
  boolean readsDuringEffects(S state);

  /** A reply as what is to be sent. */
  Outgoing render(R reply);

  /**
   * Carries an effect out.
   *
   * @param events where an effect that goes on (a subscription) puts later inputs; from any thread,
   *     until the connection ends
   * @return the input that answers it; a failed stage is a bug and closes the connection
   */
  CompletionStage<I> run(E effect, Consumer<I> events);

  /**
   * Two events that wait for a client that does not take what it is sent, as one, so that what
   * waits stays small; empty: they stay two. A connection with too many waiting is closed.
   *
   * @param earlier an input that an effect put to its {@code events}, not given to the machine yet
   * @param later the next one
   */
  default Optional<I> coalesce(I earlier, I later) {
    return Optional.empty();
  }

  /**
   * The connection is gone, however it ended: release what the state and effects under way hold.
   * Called once.
   */
  void closed(S state);
}
