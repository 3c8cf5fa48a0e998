package dev.staffetta.imap.session;

import dev.staffetta.config.ImapSettings;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.wire.Connection;
import dev.staffetta.wire.SessionMachine;
import dev.staffetta.wire.Step;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The IMAP session (RFC 3501 3): where inputs come in.
 *
 * <p>A frame goes to what the session is {@link Reading}; a whole command from there to {@link
 * Commands}; the answer of an effect to the command that asked. Changes of the selected mailbox are
 * only noted, unless the client idles: they are told at the end of its next command.
 */
public final class ImapSession implements SessionMachine<ImapState, Input, Reply, Effect<?>> {
  private final ImapSettings settings;

  public ImapSession(ImapSettings settings) {
    this.settings = settings;
  }

  @Override
  public Step<ImapState, Reply, Effect<?>> start(Connection connection, Instant now) {
    Turn turn = new Turn(ImapState.of(connection, now), settings, now);
    turn.say("* OK [CAPABILITY " + Capabilities.of(turn) + "] Staffetta is ready");
    return turn.step();
  }

  @Override
  public Step<ImapState, Reply, Effect<?>> on(ImapState state, Input input, Instant now) {
    Turn turn = new Turn(state, settings, now);
    if (!state.isClosing()) {
      on(turn, input);
    } else if (input instanceof Input.Answered answered) {
      release(turn, answered);
    }
    return turn.step();
  }

  private static void on(Turn turn, Input input) {
    if (input instanceof Input.Received received) {
      received(turn, received);
    } else if (input instanceof Input.Answered answered) {
      answered(turn, answered);
    } else if (input instanceof Input.Failed failed) {
      failed(turn, failed);
    } else if (input instanceof Input.Stands stands) {
      stands(turn, stands);
    } else if (input instanceof Input.Gone gone) {
      gone(turn, gone);
    } else if (input instanceof Input.TimedOut) {
      turn.bye(ResponseCode.NONE, "Nothing was heard for too long");
    } else if (input instanceof Input.Shutdown) {
      turn.bye(ResponseCode.UNAVAILABLE, "The server stops");
    }
  }

  private static void received(Turn turn, Input.Received received) {
    ImapState state = turn.state();
    if (!state.isAuthenticated()
        && turn.now().isAfter(state.since().plus(turn.settings().loginTimeout()))) {
      turn.bye(ResponseCode.NONE, "Logging in took too long");
      return;
    }
    state.reading().on(turn, received.frame());
  }

  private static void answered(Turn turn, Input.Answered answered) {
    ImapState.Awaited<?> awaited = turn.state().awaited().orElse(null);
    if (awaited != null && awaited.effect() == answered.effect()) {
      goOn(turn, awaited, answered.value());
    }
  }

  /** An effect's answer has the effect's type: {@link Effect#run} gives it. */
  @SuppressWarnings("unchecked")
  private static <T> void goOn(Turn turn, ImapState.Awaited<T> awaited, Object value) {
    turn.state(turn.state().withAwaited(Optional.empty()));
    awaited.then().go(turn, (T) value);
  }

  private static void failed(Turn turn, Input.Failed failed) {
    ImapState.Awaited<?> awaited = turn.state().awaited().orElse(null);
    if (awaited != null && awaited.effect() == failed.effect()) {
      turn.state(turn.state().withAwaited(Optional.empty()));
      awaited.refused().go(turn, failed.refusal());
    }
  }

  private static void stands(Turn turn, Input.Stands stands) {
    follow(turn, stands.subscription(), selection -> selection.stands(stands.view()));
    if (turn.state().isIdling()) {
      turn.tell();
    }
  }

  /**
   * A client that has a deleted mailbox selected is disconnected (RFC 2180 3.3), once the command
   * under way has its reply.
   */
  private static void gone(Turn turn, Input.Gone gone) {
    boolean isSelected = follow(turn, gone.subscription(), Selection::gone);
    if (isSelected && (turn.state().underWay().isEmpty() || turn.state().isIdling())) {
      turn.bye(ResponseCode.NONE, "The selected mailbox was deleted");
    }
  }

  /** What comes of an earlier subscription is no matter any more. */
  private static boolean follow(Turn turn, long subscription, UnaryOperator<Selection> change) {
    Optional<Selection> selection =
        turn.state().selection().filter(s -> s.subscription() == subscription);
    selection.map(change).ifPresent(turn::select);
    return selection.isPresent();
  }

  /** After the farewell nobody will use what was opened. */
  private static void release(Turn turn, Input.Answered answered) {
    if (answered.value() instanceof OpenMailbox open) {
      turn.start(new Effect.CloseMailbox(open));
    }
  }
}
