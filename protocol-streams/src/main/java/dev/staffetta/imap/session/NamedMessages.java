package dev.staffetta.imap.session;

import dev.staffetta.imap.SequenceSet;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Which messages a command names. What the client meant is counted in the mailbox as it knows it: a
 * {@code *} never reaches a message that it was not told of.
 */
final class NamedMessages {
  private NamedMessages() {}

  /**
   * Goes on once the session is sure to know all messages that the command may name. Those it knows
   * already it knows for good; only if the set reaches beyond them is the mailbox asked.
   */
  static void whenKnown(Turn turn, boolean byUid, SequenceSet named, Consumer<Turn> then) {
    MessageTable told = turn.selection().told();
    long last = byUid ? (told.isEmpty() ? 0 : told.uid(told.size())) : told.size();
    boolean reachesBeyond =
        named.ranges().get(named.ranges().size() - 1).last() > last && !turn.selection().isGone();
    if (reachesBeyond) {
      turn.whenSure(then);
    } else {
      then.accept(turn);
    }
  }

  /**
   * Their UIDs, all of them in the table that the client knows. By UID a set may name what is not
   * there (RFC 3501 6.4.8).
   *
   * @return empty: a sequence number is beyond the mailbox's last (RFC 3501 9, seq-number), and the
   *     command was told so
   */
  static Optional<UidSet> uids(Turn turn, boolean byUid, SequenceSet named) {
    MessageTable told = turn.selection().told();
    if (byUid) {
      return Optional.of(told.existing(named.uids(told)));
    }
    if (named.exceeds(told)) {
      turn.bad("The mailbox has " + told.size() + " messages");
      return Optional.empty();
    }
    return Optional.of(UidSet.ofAscending(named.sequenceNumbers(told).mapToLong(told::uid)));
  }
}
