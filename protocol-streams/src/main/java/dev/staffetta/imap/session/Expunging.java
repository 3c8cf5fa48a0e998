package dev.staffetta.imap.session;

import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.Mailboxes;

/** EXPUNGE, UID EXPUNGE and CLOSE (RFC 3501 6.4.2, 6.4.3; RFC 4315 2.1). */
final class Expunging {
  private Expunging() {}

  static void begin(Turn turn, Mailboxes.Expunge which) {
    if (turn.selection().isReadOnly()) {
      turn.no(ResponseCode.READ_ONLY, "The mailbox was opened to be read only");
      return;
    }
    turn.ask(
        new Effect.Expunge(turn.selection().id(), which),
        (t, expunged) -> t.afterViewAt(expunged.modseq(), u -> u.ok("EXPUNGE completed")));
  }

  /** As EXPUNGE, but nothing is told, and no mailbox is selected afterwards. */
  static void close(Turn turn) {
    if (turn.selection().isReadOnly()) {
      closed(turn);
      return;
    }
    turn.ask(
        new Effect.Expunge(turn.selection().id(), new Mailboxes.Expunge.AllDeleted()),
        (t, expunged) -> closed(t));
  }

  private static void closed(Turn turn) {
    turn.unselect();
    turn.quietOk(ResponseCode.NONE, "CLOSE completed");
  }
}
