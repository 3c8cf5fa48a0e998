package dev.staffetta.imap.session;

import dev.staffetta.imap.framing.ImapFrame;
import dev.staffetta.imap.framing.ImapMode;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.reply.ResponseCode;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The rest of a command that was refused before it was whole: what the client sends of it without
 * waiting is dropped, and then the refusal is said.
 *
 * @param refusal says it
 */
record SkippingCommand(Consumer<Turn> refusal) implements Reading {
  /** A non-synchronizing literal beyond so many times the largest message is not waited for. */
  private static final int MAX_SKIPPED_MESSAGES = 4;

  /**
   * A command is none.
   *
   * @param literal what it announced last
   */
  static void refuse(
      Turn turn, Optional<String> tag, Optional<ImapFrame.Literal> literal, String why) {
    refuse(turn, literal, t -> Commands.bad(t, tag, why));
  }

  /**
   * A command is refused.
   *
   * @param literal what it announced last
   * @param refusal ends the command
   */
  static void refuse(Turn turn, Optional<ImapFrame.Literal> literal, Consumer<Turn> refusal) {
    if (literal.isEmpty() || literal.get().synchronizing()) {
      // The client waits for leave to send the literal, and the refusal says that it has none.
      turn.read(Reading.COMMAND);
      literal.ifPresent(l -> turn.say(new Reply.Mode(new ImapMode.Lines(Commands.maxLine(turn)))));
      refusal.accept(turn);
      return;
    }
    skip(turn, literal.get().size(), refusal);
  }

  /**
   * Drops so many octets and the rest of the command.
   *
   * @param refusal ends the command then
   */
  static void skip(Turn turn, long octets, Consumer<Turn> refusal) {
    if (octets > MAX_SKIPPED_MESSAGES * turn.settings().maxMessageInBytes()) {
      refusal.accept(turn);
      if (!turn.state().isClosing()) {
        turn.bye(ResponseCode.TOOBIG, "A literal of " + octets + " octets is too large to skip");
      }
      return;
    }
    turn.say(new Reply.Mode(new ImapMode.Skip(octets)));
    turn.read(new SkippingCommand(refusal));
  }

  @Override
  public void on(Turn turn, ImapFrame frame) {
    if (frame instanceof ImapFrame.Line) {
      turn.read(Reading.COMMAND);
      refusal.accept(turn);
    } else if (frame instanceof ImapFrame.LiteralAhead ahead) {
      refuse(turn, Optional.of(ahead.literal()), refusal);
    } else if (frame instanceof ImapFrame.Overlong overlong) {
      refuse(turn, overlong.literal(), refusal);
    }
  }
}
