package dev.staffetta.imap.session;

import dev.staffetta.imap.grammar.Command;
import dev.staffetta.imap.reply.ImapText;
import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.MessageTable;
import java.util.Optional;

/** SELECT and EXAMINE (RFC 3501 6.3.1, 6.3.2). */
final class Selecting {
  private Selecting() {}

  /** Whatever becomes of it, the mailbox that was selected is not any more (RFC 3501 6.3.1). */
  static void begin(Turn turn, Command.Select command) {
    turn.unselect();
    turn.ask(new Effect.ReadTree(turn.account()), (t, tree) -> found(t, command, tree));
  }

  private static void found(Turn turn, Command.Select command, FolderTree tree) {
    Optional<MailboxId> mailbox = tree.mailbox(command.mailbox());
    if (mailbox.isEmpty()) {
      turn.no(ResponseCode.NONEXISTENT, "No such mailbox");
      return;
    }
    long subscription = turn.newNumber();
    turn.ask(
        new Effect.Open(mailbox.get(), command.access(), subscription),
        (t, open) -> opened(t, Selection.of(subscription, open, command.access())));
  }

  private static void opened(Turn turn, Selection selection) {
    MailboxView view = selection.current();
    MessageTable messages = view.messages();
    turn.select(selection);
    turn.say("* FLAGS " + ImapText.flagList(view.keywords()));
    turn.say("* " + messages.size() + " EXISTS");
    turn.say("* " + selection.recent(messages) + " RECENT");
    int unseen = messages.firstWithout(Flags.SEEN);
    if (unseen > 0) {
      turn.say("* OK [UNSEEN " + unseen + "] The first message that was not seen");
    }
    turn.say("* OK [UIDVALIDITY " + view.uidValidity() + "] UIDs are valid");
    turn.say("* OK [UIDNEXT " + view.uidNext() + "] The next message's UID at the least");
    turn.say(Updates.permanentFlags(selection));
    if (selection.isReadOnly()) {
      turn.quietOk(ResponseCode.READ_ONLY, "EXAMINE completed");
    } else {
      turn.quietOk(ResponseCode.READ_WRITE, "SELECT completed");
    }
  }
}
