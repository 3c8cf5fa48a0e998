package dev.staffetta.imap.session;

import dev.staffetta.imap.framing.ImapFrame;
import dev.staffetta.imap.framing.ImapMode;
import dev.staffetta.imap.grammar.AppendStart;
import dev.staffetta.imap.grammar.CommandParser;
import dev.staffetta.imap.grammar.Parsed;
import dev.staffetta.imap.reply.Reply;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * A command comes in: lines, and literals but for APPEND's message.
 *
 * @param soFar all of it that came
 * @param literals how many of them it has
 */
record ReadingCommand(ByteString soFar, int literals) implements Reading {
  /** APPEND's message is its first literal, or the second when the mailbox's name is one too. */
  private static final int LITERALS_OF_APPEND = 2;

  private static final ByteString LINE_END = ByteString.fromString("\r\n");

  @Override
  public void on(Turn turn, ImapFrame frame) {
    if (frame instanceof ImapFrame.Line line) {
      turn.read(Reading.COMMAND);
      whole(turn, soFar.concat(line.text()));
    } else if (frame instanceof ImapFrame.LiteralAhead ahead) {
      literalAhead(turn, soFar.concat(ahead.text()), ahead.literal());
    } else if (frame instanceof ImapFrame.Chunk chunk) {
      turn.read(new ReadingCommand(soFar.concat(chunk.bytes()), literals));
    } else if (frame instanceof ImapFrame.Overlong overlong) {
      ByteString start = soFar.isEmpty() ? overlong.start() : soFar;
      SkippingCommand.refuse(
          turn,
          CommandParser.tag(start),
          overlong.literal(),
          "a line is longer than " + turn.settings().maxLineInBytes() + " octets");
    }
  }

  private static void whole(Turn turn, ByteString bytes) {
    Parsed parsed = CommandParser.parse(bytes);
    if (parsed instanceof Parsed.Understood understood) {
      Commands.begin(turn, understood.tag(), understood.command());
    } else if (parsed instanceof Parsed.Bad bad) {
      Commands.bad(turn, bad.tag(), bad.why());
    }
  }

  private void literalAhead(Turn turn, ByteString bytes, ImapFrame.Literal literal) {
    AppendStart.Reading reading =
        literals < LITERALS_OF_APPEND ? AppendStart.read(bytes) : new AppendStart.OtherLiteral();
    if (reading instanceof AppendStart.MessageNext next) {
      Appending.begin(turn, next.append(), literal);
    } else if (reading instanceof AppendStart.Wrong wrong) {
      SkippingCommand.refuse(turn, wrong.bad().tag(), Optional.of(literal), wrong.bad().why());
    } else {
      ordinaryLiteral(turn, bytes, literal);
    }
  }

  private void ordinaryLiteral(Turn turn, ByteString bytes, ImapFrame.Literal literal) {
    int limit =
        turn.state().isAuthenticated()
            ? turn.settings().maxCommandInBytes()
            : turn.settings().maxCommandBeforeLoginInBytes();
    if (literal.size() > limit - bytes.size()) {
      SkippingCommand.refuse(
          turn,
          CommandParser.tag(bytes),
          Optional.of(literal),
          "a command with its literals is at most " + limit + " octets long");
      return;
    }
    if (literal.synchronizing()) {
      turn.say("+ Ready for " + literal.size() + " octets");
    }
    turn.say(new Reply.Mode(new ImapMode.Literal(literal.size())));
    turn.read(new ReadingCommand(bytes.concat(LINE_END), literals + 1));
  }
}
