package dev.staffetta.imap.session;

import dev.staffetta.imap.fetch.FetchItem;
import dev.staffetta.imap.fetch.FetchItem.Attribute;
import dev.staffetta.imap.fetch.FetchRequest;
import dev.staffetta.imap.grammar.Command;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** FETCH and UID FETCH (RFC 3501 6.4.5). */
final class Fetching {
  private Fetching() {}

  static void begin(Turn turn, Command.Fetch command) {
    boolean asksWhatMayChange =
        command.items().contains(Attribute.FLAGS)
            || command.items().stream().anyMatch(FetchItem::setsSeen);
    if (asksWhatMayChange) {
      turn.whenSure(t -> named(t, command));
    } else {
      NamedMessages.whenKnown(turn, command.byUid(), command.messages(), t -> named(t, command));
    }
  }

  private static void named(Turn turn, Command.Fetch command) {
    NamedMessages.uids(turn, command.byUid(), command.messages())
        .ifPresent(uids -> begin(turn, command, uids));
  }

  private static void begin(Turn turn, Command.Fetch command, UidSet uids) {
    Selection selection = turn.selection();
    boolean setsSeen =
        !selection.isReadOnly() && command.items().stream().anyMatch(FetchItem::setsSeen);
    UidSet unseen = setsSeen ? unseen(selection, uids) : UidSet.EMPTY;
    if (unseen.isEmpty()) {
      fetch(turn, uids, items(command, false));
    } else {
      turn.ask(
          new Effect.Store(
              selection.id(), unseen, Mailboxes.StoreMode.ADD, Set.of(Flags.SYSTEM_NAMES.get(0))),
          (t, stored) -> t.afterViewAt(stored.modseq(), u -> fetch(u, uids, items(command, true))));
    }
  }

  private static UidSet unseen(Selection selection, UidSet uids) {
    return UidSet.ofAscending(
        selection.current().messages().stream(uids)
            .filter(message -> (message.flags() & Flags.SEEN) == 0)
            .mapToLong(Message::uid));
  }

  /**
   * The items in the order of the answer.
   *
   * @param flagsChange the fetch changes them, so the answer has them (RFC 3501 6.4.5, BODY)
   */
  private static List<FetchItem> items(Command.Fetch command, boolean flagsChange) {
    List<FetchItem> items = new ArrayList<>(command.items());
    if (flagsChange && !items.contains(Attribute.FLAGS)) {
      items.add(0, Attribute.FLAGS);
    }
    if (command.byUid() && !items.contains(Attribute.UID)) {
      items.add(0, Attribute.UID);
    }
    return items;
  }

  private static void fetch(Turn turn, UidSet uids, List<FetchItem> items) {
    if (uids.isEmpty()) {
      turn.ok("FETCH completed");
      return;
    }
    if (items.contains(Attribute.FLAGS)) {
      // The answer tells the flags as they are now, so they are not news afterwards.
      Updates.keywords(turn.selection()).forEach(line -> turn.say(new Reply.Text(line)));
      turn.select(turn.selection().tellFlags(uids));
    }
    Selection selection = turn.selection();
    MessageTable table = selection.told();
    long ticket = turn.newNumber();
    turn.say(
        new Reply.Fetched(
            ticket,
            new FetchRequest(
                turn.account(),
                table,
                SequenceNumbers.of(uids, table),
                items,
                selection.current().keywords(),
                selection.recentFrom())));
    turn.ask(new Effect.AwaitTaken(ticket), (t, taken) -> taken(t, table, taken));
  }

  private static void taken(Turn turn, MessageTable table, Effect.Taken taken) {
    MessageTable now = turn.selection().current().messages();
    if (taken.isWhole()) {
      turn.ok("FETCH completed");
    } else if (!taken.isBroken()
        && taken.missing().stream().allMatch(n -> now.sequenceNumber(table.uid(n)) == 0)) {
      // RFC 2180 4.1.2, RFC 5530 3.
      turn.no(ResponseCode.EXPUNGEISSUED, "Some messages were expunged and are gone");
    } else {
      turn.no(ResponseCode.UNAVAILABLE, "Some messages cannot be read now");
    }
  }
}
