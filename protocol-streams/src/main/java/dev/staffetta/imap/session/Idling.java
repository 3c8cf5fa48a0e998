package dev.staffetta.imap.session;

import dev.staffetta.imap.framing.ImapFrame;
import dev.staffetta.imap.reply.ResponseCode;
import java.util.Locale;
import java.util.Optional;

/** IDLE (RFC 2177): what happens in the selected mailbox is told at once, until DONE. */
record Idling() implements Reading {
  static void begin(Turn turn) {
    turn.say("+ idling");
    turn.read(new Idling());
    turn.tell();
  }

  @Override
  public void on(Turn turn, ImapFrame frame) {
    if (frame instanceof ImapFrame.Line line) {
      turn.read(Reading.COMMAND);
      if (line.text().utf8String().toUpperCase(Locale.ROOT).equals("DONE")) {
        turn.ok(ResponseCode.NONE, "IDLE completed");
      } else {
        turn.bad("IDLE ends with DONE");
      }
    } else if (frame instanceof ImapFrame.LiteralAhead ahead) {
      SkippingCommand.refuse(turn, Optional.of(ahead.literal()), t -> t.bad("IDLE ends with DONE"));
    } else if (frame instanceof ImapFrame.Overlong overlong) {
      SkippingCommand.refuse(turn, overlong.literal(), t -> t.bad("IDLE ends with DONE"));
    }
  }
}
