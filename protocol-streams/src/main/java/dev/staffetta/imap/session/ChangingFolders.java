package dev.staffetta.imap.session;

import dev.staffetta.imap.grammar.Command;
import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.SpecialUse;
import java.util.List;
import java.util.Optional;

/** CREATE, DELETE, RENAME and SUBSCRIBE (RFC 3501 6.3.3 to 6.3.6). */
final class ChangingFolders {
  /** In UTF-16 code units; names stand in every LIST, and in keys of the store. */
  private static final int MAX_NAME_LENGTH = 1000;

  private ChangingFolders() {}

  static void create(Turn turn, Command.Create command) {
    String delimiter = String.valueOf(Folders.DELIMITER);
    // A delimiter at the end only says that inferiors will come (RFC 3501 6.3.3).
    String name =
        command.mailbox().endsWith(delimiter)
            ? command.mailbox().substring(0, command.mailbox().length() - 1)
            : command.mailbox();
    Optional<String> wrong = wrongWith(name);
    if (wrong.isPresent()) {
      turn.no(ResponseCode.CANNOT, wrong.get());
      return;
    }
    List<Optional<SpecialUse>> uses =
        command.uses().stream().map(ChangingFolders::specialUse).toList();
    if (uses.size() > 1 || uses.contains(Optional.<SpecialUse>empty())) {
      turn.no(ResponseCode.USEATTR, "A mailbox is made for one of the uses of LIST, or for none");
      return;
    }
    Optional<SpecialUse> use = uses.isEmpty() ? Optional.empty() : uses.get(0);
    turn.ask(
        new Effect.CreateMailbox(turn.account(), name, use),
        (t, mailbox) -> t.ok("CREATE completed"));
  }

  private static Optional<SpecialUse> specialUse(String attribute) {
    for (SpecialUse use : SpecialUse.values()) {
      if (use.attribute().equalsIgnoreCase(attribute)) {
        return Optional.of(use);
      }
    }
    return Optional.empty();
  }

  static void delete(Turn turn, Command.Delete command) {
    turn.ask(
        new Effect.ReadTree(turn.account()),
        (t, tree) ->
            t.ask(
                new Effect.DeleteMailbox(t.account(), command.mailbox()),
                (u, done) -> {
                  boolean wasSelected =
                      u.state().selection().isPresent()
                          && tree.mailbox(command.mailbox())
                              .filter(u.selection().id()::equals)
                              .isPresent();
                  if (wasSelected) {
                    // Who deletes the selected mailbox knows: other sessions get a BYE.
                    u.unselect();
                  }
                  u.ok("DELETE completed");
                }));
  }

  static void rename(Turn turn, Command.Rename command) {
    Optional<String> wrong = wrongWith(command.to());
    if (wrong.isPresent()) {
      turn.no(ResponseCode.CANNOT, wrong.get());
      return;
    }
    turn.ask(
        new Effect.RenameMailbox(turn.account(), command.from(), command.to()),
        (t, done) -> t.ok("RENAME completed"));
  }

  /** A name need not exist (RFC 3501 6.3.6), but it must be one that could. */
  static void subscribe(Turn turn, Command.Subscribe command) {
    Optional<String> wrong = wrongWith(command.mailbox());
    if (wrong.isPresent()) {
      turn.no(ResponseCode.CANNOT, wrong.get());
      return;
    }
    turn.ask(
        new Effect.Subscribe(turn.account(), command.mailbox()),
        (t, done) -> t.ok("SUBSCRIBE completed"));
  }

  /** Why a new mailbox cannot have a name; empty: it can. */
  private static Optional<String> wrongWith(String name) {
    if (name.isEmpty()) {
      return Optional.of("A mailbox's name is not empty");
    }
    if (name.length() > MAX_NAME_LENGTH) {
      return Optional.of("A mailbox's name has at most " + MAX_NAME_LENGTH + " characters");
    }
    if (List.of(name.split(String.valueOf(Folders.DELIMITER), -1)).contains("")) {
      return Optional.of("No level of a mailbox's name is empty");
    }
    if (name.indexOf('*') >= 0 || name.indexOf('%') >= 0) {
      return Optional.of("A mailbox's name has no * or %, which LIST takes for wildcards");
    }
    return Optional.empty();
  }
}
