package dev.staffetta.imap.session;

import dev.staffetta.imap.grammar.Command;
import dev.staffetta.imap.grammar.StatusItem;
import dev.staffetta.imap.reply.ImapText;
import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxStatus;
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
    turn.ask(
        new Effect.Status(mailbox.get()),
        (t, status) -> {
          t.say(line(t, command.mailbox(), command.items(), status));
          t.ok("STATUS completed");
        });
  }

  /** Tells a mailbox's status if it can be told, and goes on. */
  static void tell(
      Turn turn, String name, MailboxId mailbox, Set<StatusItem> items, Consumer<Turn> then) {
    turn.ask(
        new Effect.Status(mailbox),
        (t, status) -> {
          t.say(line(t, name, items, status));
          then.accept(t);
        },
        (t, refusal) -> then.accept(t));
  }

  private static String line(Turn turn, String name, Set<StatusItem> items, MailboxStatus status) {
    String values =
        items.stream()
            .map(item -> item + " " + value(turn, item, status))
            .collect(Collectors.joining(" "));
    return "* STATUS " + ImapText.mailbox(name) + " (" + values + ")";
  }

  private static long value(Turn turn, StatusItem item, MailboxStatus status) {
    return switch (item) {
      case MESSAGES -> status.messages();
      case RECENT -> status.recent();
      case UIDNEXT -> status.uidNext();
      case UIDVALIDITY -> status.uidValidity();
      case UNSEEN -> status.unseen();
      case SIZE -> status.sizeInBytes();
      case APPENDLIMIT -> turn.settings().maxMessageInBytes();
    };
  }
}
