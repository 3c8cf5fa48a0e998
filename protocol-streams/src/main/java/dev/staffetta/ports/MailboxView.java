package dev.staffetta.ports;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * All that a session needs to know of a mailbox at one moment.
 *
 * @param uidValidity RFC 9051 2.3.1.1
 * @param uidNext larger than every UID given so far
 * @param highestModseq RFC 7162 3.1.2.1; rises with every change, an expunge included
 * @param keywords names, the index is the bit (see {@link Flags#keyword}); only ever grows
 * @param messages ascending by UID
 */
public record MailboxView(
    MailboxId id,
    long uidValidity,
    long uidNext,
    long highestModseq,
    List<String> keywords,
    MessageTable messages) {
  public MailboxView {
    keywords = List.copyOf(keywords);
  }

  /**
   * How the mailbox stands after an event. What is known already changes nothing.
   *
   * @return empty: something happened in between that this view does not know of
   */
  public Optional<MailboxView> after(MailboxEvent.Changed event) {
    if (event.modseq() <= highestModseq) {
      return Optional.of(this);
    }
    if (event.sinceModseq() != highestModseq) {
      return Optional.empty();
    }
    return Optional.of(
        new MailboxView(
            id,
            uidValidity,
            event.uidNext(),
            event.modseq(),
            event.keywords(),
            messages.append(event.added()).withFlags(event.changed()).without(event.expunged())));
  }

  /**
   * How the mailbox stands after changes that were told as one. What is known already changes
   * nothing.
   *
   * @return empty: something happened before that this view does not know of
   */
  public Optional<MailboxView> after(MailboxEvent.Missed event) {
    if (event.modseq() <= highestModseq) {
      return Optional.of(this);
    }
    if (event.sinceModseq() > highestModseq) {
      return Optional.empty();
    }
    MessageTable kept =
        event
            .left()
            .map(left -> messages.without(gone(left, event.sinceUidNext())))
            .orElse(messages);
    // Whoever stands later than the event begins may know messages that came and went since.
    kept = kept.without(goneSince(kept, event));
    long last = kept.isEmpty() ? 0 : kept.uid(kept.size());
    int known = event.changed().countBelow(last + 1);
    List<Message> rows = event.changed().stream().toList();
    return Optional.of(
        new MailboxView(
            id,
            uidValidity,
            event.uidNext(),
            event.modseq(),
            event.keywords(),
            kept.withFlags(rows.subList(0, known)).append(rows.subList(known, rows.size()))));
  }

  /** The messages with lower UIDs that are not left. */
  private UidSet gone(UidSet left, long sinceUidNext) {
    int count = messages.countBelow(sinceUidNext);
    return messages.countIn(left) == count
        ? UidSet.EMPTY
        : UidSet.ofAscending(
            LongStream.rangeClosed(1, count)
                .map(n -> messages.uid((int) n))
                .filter(uid -> !left.contains(uid)));
  }

  private static UidSet goneSince(MessageTable table, MailboxEvent.Missed event) {
    return UidSet.ofAscending(
        LongStream.rangeClosed(table.countBelow(event.sinceUidNext()) + 1L, table.size())
            .map(n -> table.uid((int) n))
            .filter(uid -> event.changed().sequenceNumber(uid) == 0));
  }
}
