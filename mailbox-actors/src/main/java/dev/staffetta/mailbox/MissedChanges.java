package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxCommand.Known;
import dev.staffetta.mailbox.MailboxCommand.Standing;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageSegment;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** What a session that knows a mailbox from before has missed. */
final class MissedChanges {
  /** Of so many changed messages the whole view is hardly dearer. */
  private static final int MANY = 100_000;

  private MissedChanges() {}

  /** How to tell a session that knows this much how a mailbox stands. */
  static Standing standing(MailboxView view, Optional<Known> known) {
    if (known.isEmpty()
        || known.get().uidValidity() != view.uidValidity()
        || known.get().modseq() > view.highestModseq()) {
      return new Standing.Whole(view);
    }
    List<Message> changed = changedSince(view.messages(), known.get().modseq());
    return changed.size() > MANY
        ? new Standing.Whole(view)
        : new Standing.Missed(
            new MailboxEvent.Missed(
                known.get().modseq(),
                known.get().uidNext(),
                view.highestModseq(),
                view.uidNext(),
                view.keywords(),
                MessageTable.of(changed),
                left(view.messages(), known.get())),
            view.messages().size());
  }

  private static List<Message> changedSince(MessageTable table, long modseq) {
    List<Message> changed = new ArrayList<>();
    for (MessageSegment segment : table.segments()) {
      for (int i = 0; i < segment.size(); i++) {
        if (segment.modseq(i) > modseq) {
          changed.add(segment.get(i));
        }
      }
    }
    return changed;
  }

  /**
   * Which of the messages that the session knows are left. A message that went never comes back, so
   * as many as it knows are the same.
   */
  private static Optional<UidSet> left(MessageTable table, Known known) {
    int count = table.countBelow(known.uidNext());
    return count == known.count()
        ? Optional.empty()
        : Optional.of(
            UidSet.ofAscending(LongStream.rangeClosed(1, count).map(n -> table.uid((int) n))));
  }
}
