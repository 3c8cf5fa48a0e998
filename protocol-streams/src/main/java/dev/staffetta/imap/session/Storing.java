package dev.staffetta.imap.session;

import dev.staffetta.imap.grammar.Command;
import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.UidSet;
import java.util.Set;

/** STORE and UID STORE (RFC 3501 6.4.6). */
final class Storing {
  /** In octets; keywords stand in every mailbox's state. */
  private static final int MAX_FLAG_LENGTH = 128;

  private Storing() {}

  static void begin(Turn turn, Command.Store command) {
    Selection selection = turn.selection();
    if (selection.isReadOnly()) {
      turn.no(ResponseCode.READ_ONLY, "The mailbox was opened to be read only");
      return;
    }
    if (!areShort(command.flags())) {
      turn.no(ResponseCode.LIMIT, "A keyword has at most " + MAX_FLAG_LENGTH + " octets");
      return;
    }
    NamedMessages.whenKnown(
        turn,
        command.byUid(),
        command.messages(),
        t ->
            NamedMessages.uids(t, command.byUid(), command.messages())
                .ifPresent(uids -> store(t, command, uids)));
  }

  private static void store(Turn turn, Command.Store command, UidSet uids) {
    if (uids.isEmpty()) {
      turn.ok("STORE completed");
      return;
    }
    turn.ask(
        new Effect.Store(turn.selection().id(), uids, command.mode(), command.flags()),
        (t, stored) -> t.afterViewAt(stored.modseq(), u -> stored(u, command, uids)));
  }

  private static void stored(Turn turn, Command.Store command, UidSet uids) {
    UidSet existing = turn.selection().current().messages().existing(uids);
    if (command.silent()) {
      turn.select(turn.selection().assume(existing, command.mode(), command.flags()));
    } else {
      turn.tell(existing);
    }
    // RFC 5530 3: some were expunged meanwhile, of which the client was not told yet.
    boolean areAllThere = existing.size() == uids.size();
    turn.ok(areAllThere ? ResponseCode.NONE : ResponseCode.EXPUNGEISSUED, "STORE completed");
  }

  /** Whether no flag's name is beyond the limit. */
  static boolean areShort(Set<String> flags) {
    return flags.stream().allMatch(flag -> flag.length() <= MAX_FLAG_LENGTH);
  }
}
