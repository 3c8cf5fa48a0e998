package dev.staffetta.imap.session;

import dev.staffetta.imap.grammar.Command;
import dev.staffetta.imap.grammar.StatusItem;
import dev.staffetta.imap.reply.ImapText;
import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** STATUS (RFC 3501 6.3.10). */
final class TellingStatus {
  private TellingStatus() {}

  static void begin(Turn turn, Command.Status command) {
    turn.ask(new Effect.ReadTree(turn.account()), (t, tree) -> found(t, command, tree));
  }

  private static void found(Turn turn, Command.Status command, FolderTree tree) {
    Optional<MailboxId> mailbox = tree.mailbox(command.mailbox());
    if (mailbox.isEmpty()) {
      turn.no(ResponseCode.NONEXISTENT, "No such mailbox");
      return;
    }
    ask(
        turn,
        mailbox.get(),
        command.items(),
        (t, recent) -> {
          t.say(line(t, command.mailbox(), command.items(), recent));
          t.ok("STATUS completed");
        },
        Turn::no);
  }

  /** Tells a mailbox's status if it can be told, and goes on. */
  static void tell(
      Turn turn, String name, MailboxId mailbox, Set<StatusItem> items, Consumer<Turn> then) {
    ask(
        turn,
        mailbox,
        items,
        (t, recent) -> {
          t.say(line(t, name, items, recent));
          then.accept(t);
        },
        (t, refusal) -> then.accept(t));
  }

  private static void ask(
      Turn turn,
      MailboxId mailbox,
      Set<StatusItem> items,
      Turn.Then<Effect.RecentView> then,
      Turn.Refused refused) {
    if (items.contains(StatusItem.RECENT)) {
      turn.ask(new Effect.ViewWithRecent(mailbox), then, refused);
    } else {
      turn.ask(
          new Effect.View(mailbox),
          (t, view) -> then.go(t, new Effect.RecentView(view, view.uidNext())),
          refused);
    }
  }

  private static String line(
      Turn turn, String name, Set<StatusItem> items, Effect.RecentView recent) {
    String values =
        items.stream()
            .map(item -> item + " " + value(turn, item, recent))
            .collect(Collectors.joining(" "));
    return "* STATUS " + ImapText.mailbox(name) + " (" + values + ")";
  }

  private static long value(Turn turn, StatusItem item, Effect.RecentView recent) {
    MailboxView view = recent.view();
    return switch (item) {
      case MESSAGES -> view.messages().size();
      case RECENT -> view.messages().size() - view.messages().countBelow(recent.recentFrom());
      case UIDNEXT -> view.uidNext();
      case UIDVALIDITY -> view.uidValidity();
      case UNSEEN -> view.messages().countWithout(Flags.SEEN);
      case SIZE -> view.messages().totalSize();
      case APPENDLIMIT -> turn.settings().maxMessageInBytes();
    };
  }
}
