package dev.staffetta.imap.session;

import dev.staffetta.ports.Flags;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.UidSet;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The selected mailbox: as the client knows it, and as it stands. What the client has yet to be
 * told is the difference of the two ({@link TableChanges}), so however much happens while it does
 * not listen, a session holds two tables, which share what they can.
 *
 * @param subscription the number of its {@link Effect.Open}
 * @param open to be closed
 * @param recentFrom messages with this UID or a higher one are \Recent to this session
 * @param told the messages that the client knows, with the flags that it knows; sequence numbers
 *     are this table's
 * @param toldKeywords how many of the keywords the client was told of
 * @param current as far as events tell
 * @param isGone whether the mailbox was deleted
 */
record Selection(
    long subscription,
    OpenMailbox open,
    Mailboxes.Access access,
    long recentFrom,
    MessageTable told,
    int toldKeywords,
    MailboxView current,
    boolean isGone) {
  /** A mailbox just opened, of which the client is told all. */
  static Selection of(long subscription, OpenMailbox open, Mailboxes.Access access) {
    MailboxView view = open.view();
    return new Selection(
        subscription,
        open,
        access,
        open.recentFrom(),
        view.messages(),
        view.keywords().size(),
        view,
        false);
  }

  MailboxId id() {
    return current.id();
  }

  boolean isReadOnly() {
    return access == Mailboxes.Access.READ_ONLY;
  }

  /** How many of these messages are \Recent. */
  int recent(MessageTable messages) {
    return messages.size() - messages.countBelow(recentFrom);
  }

  /** The client knows the mailbox so from now on. */
  Selection tell(MessageTable messages, int keywords) {
    return new Selection(
        subscription, open, access, recentFrom, messages, keywords, current, isGone);
  }

  /** The mailbox stands so; a view that is older than the one known changes nothing. */
  Selection stands(MailboxView view) {
    if (view.highestModseq() <= current.highestModseq()) {
      return this;
    }
    return new Selection(subscription, open, access, recentFrom, told, toldKeywords, view, isGone);
  }

  /** The mailbox is there no more. */
  Selection gone() {
    return new Selection(subscription, open, access, recentFrom, told, toldKeywords, current, true);
  }

  /** The messages that the client knows, with the flags that they have by now. */
  MessageTable toldWithCurrentFlags() {
    int[] changed = TableChanges.between(told, current.messages()).changed();
    return changed.length == 0 ? told : told.withFlags(currentRows(changed));
  }

  /** The client is told the current flags of these messages, and all keywords. */
  Selection tellFlags(UidSet uids) {
    int[] news =
        Arrays.stream(TableChanges.between(told, current.messages()).changed())
            .filter(number -> uids.contains(told.uid(number)))
            .toArray();
    MessageTable after = news.length == 0 ? told : told.withFlags(currentRows(news));
    return tell(after, current.keywords().size());
  }

  /** As they stand now, messages by ascending sequence numbers that are not expunged. */
  List<Message> currentRows(int[] sequenceNumbers) {
    return Arrays.stream(sequenceNumbers)
        .mapToObj(number -> current.messages().find(told.uid(number)).orElseThrow())
        .toList();
  }

  /**
   * What the client takes the flags for after its own silent STORE (RFC 3501 6.4.6): whatever else
   * they are then, someone else did and it will be told.
   */
  Selection assume(UidSet uids, Mailboxes.StoreMode mode, Set<String> flags) {
    long bits = bits(flags);
    List<Message> rows =
        told.stream(uids).map(m -> m.withFlags(apply(mode, m.flags(), bits), m.modseq())).toList();
    return tell(told.withFlags(rows), toldKeywords);
  }

  private static long apply(Mailboxes.StoreMode mode, long flags, long bits) {
    return switch (mode) {
      case REPLACE -> bits;
      case ADD -> flags | bits;
      case REMOVE -> flags & ~bits;
    };
  }

  /** The bits of those flags that the mailbox knows. */
  private long bits(Set<String> flags) {
    return flags.stream().flatMapToLong(this::bit).reduce(0, (a, b) -> a | b);
  }

  private LongStream bit(String flag) {
    if (flag.startsWith("\\")) {
      return Flags.system(flag).stream();
    }
    List<String> keywords = current.keywords();
    for (int i = 0; i < keywords.size(); i++) {
      if (keywords.get(i).equalsIgnoreCase(flag)) {
        return LongStream.of(Flags.keyword(i));
      }
    }
    return LongStream.empty();
  }
}
