package dev.staffetta.ports.memory;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes.Access;
import dev.staffetta.ports.Mailboxes.Appended;
import dev.staffetta.ports.Mailboxes.Copied;
import dev.staffetta.ports.Mailboxes.StoreMode;
import dev.staffetta.ports.Mailboxes.Stored;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One mailbox. Only touched under the lock of its {@link MemoryMail}, which hands the events to the
 * subscriptions afterwards.
 */
final class MemoryMailbox {
  final Set<Subscription> subscriptions = new LinkedHashSet<>();
  final Map<ContentId, Appended> appended = new HashMap<>();
  final Map<ContentId, Copied> copied = new HashMap<>();
  private final Collection<Subscription> told;
  private MailboxView view;
  private long recentFrom = 1;

  /**
   * @param told gets the subscriptions that have events waiting
   */
  MemoryMailbox(MailboxId id, long uidValidity, Collection<Subscription> told) {
    this.told = told;
    view = new MailboxView(id, uidValidity, 1, 1, List.of(), MessageTable.EMPTY);
  }

  MailboxView view() {
    return view;
  }

  /** Only for an empty mailbox: gives it the numbers that a script wants. */
  void number(long uidValidity, long uidNext) {
    if (!view.messages().isEmpty() || uidNext < view.uidNext()) {
      throw new IllegalStateException("messages of " + view.id() + " have their UIDs already");
    }
    view =
        new MailboxView(
            view.id(),
            uidValidity,
            uidNext,
            view.highestModseq(),
            view.keywords(),
            view.messages());
    recentFrom = uidNext;
  }

  /** Where \Recent starts for a session that opens now; a writer takes it for itself. */
  long takeRecent(Access access) {
    long from = recentFrom;
    if (access == Access.READ_WRITE) {
      recentFrom = view.uidNext();
    }
    return from;
  }

  /** Adds messages at one modseq; uid and modseq of the rows are given here. */
  List<Message> add(List<Message> rows) {
    List<Message> added = new ArrayList<>();
    long modseq = view.highestModseq() + 1;
    long uid = view.uidNext();
    for (Message row : rows) {
      added.add(
          new Message(uid++, row.flags(), modseq, row.size(), row.internalDate(), row.content()));
    }
    change(view.messages().append(added), uid, modseq, added, List.of(), UidSet.EMPTY);
    if (subscriptions.stream().anyMatch(s -> s.access == Access.READ_WRITE)) {
      recentFrom = uid;
    }
    return added;
  }

  Stored store(UidSet uids, StoreMode mode, Set<String> names, Optional<Long> unchangedSince) {
    long bits = bits(names);
    long modseq = view.highestModseq() + 1;
    List<Message> changed = new ArrayList<>();
    List<Long> modified = new ArrayList<>();
    view.messages().stream(uids)
        .forEach(
            row -> {
              if (unchangedSince.isPresent() && row.modseq() > unchangedSince.get()) {
                modified.add(row.uid());
                return;
              }
              long flags = apply(row.flags(), mode, bits);
              if (flags != row.flags()) {
                changed.add(row.withFlags(flags, modseq));
              }
            });
    if (!changed.isEmpty()) {
      change(
          view.messages().withFlags(changed),
          view.uidNext(),
          modseq,
          List.of(),
          changed,
          UidSet.EMPTY);
    }
    return new Stored(
        view.highestModseq(), UidSet.ofAscending(modified.stream().mapToLong(Long::longValue)));
  }

  /** Removes those of the UIDs that exist. */
  UidSet remove(UidSet uids) {
    UidSet gone = view.messages().existing(uids);
    if (!gone.isEmpty()) {
      change(
          view.messages().without(gone),
          view.uidNext(),
          view.highestModseq() + 1,
          List.of(),
          List.of(),
          gone);
    }
    return gone;
  }

  /** The bits of flag names; a keyword that is new here becomes the mailbox's. */
  long bits(Collection<String> names) {
    long bits = 0;
    List<String> keywords = new ArrayList<>(view.keywords());
    for (String name : names) {
      OptionalLong system = Flags.system(name);
      if (system.isPresent()) {
        bits |= system.getAsLong();
      } else if (name.startsWith("\\")) {
        throw new Refusal(Refusal.Code.CANNOT, "no flag " + name);
      } else {
        bits |= keyword(keywords, name);
      }
    }
    view =
        new MailboxView(
            view.id(),
            view.uidValidity(),
            view.uidNext(),
            view.highestModseq(),
            keywords,
            view.messages());
    return bits;
  }

  /** The names of flag bits, as another mailbox would take them. */
  Set<String> names(long flags) {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < Flags.SYSTEM_FLAGS; i++) {
      if ((flags & 1L << i) != 0) {
        names.add(Flags.SYSTEM_NAMES.get(i));
      }
    }
    for (int i = 0; i < view.keywords().size(); i++) {
      if ((flags & Flags.keyword(i)) != 0) {
        names.add(view.keywords().get(i));
      }
    }
    return names;
  }

  void tell(MailboxEvent event) {
    subscriptions.forEach(s -> s.add(event));
    told.addAll(subscriptions);
  }

  private void change(
      MessageTable messages,
      long uidNext,
      long modseq,
      List<Message> added,
      List<Message> changed,
      UidSet expunged) {
    long before = view.highestModseq();
    view =
        new MailboxView(view.id(), view.uidValidity(), uidNext, modseq, view.keywords(), messages);
    tell(
        new MailboxEvent.Changed(
            before, modseq, uidNext, view.keywords(), added, changed, expunged));
  }

  private static long apply(long flags, StoreMode mode, long bits) {
    return switch (mode) {
      case REPLACE -> bits;
      case ADD -> flags | bits;
      case REMOVE -> flags & ~bits;
    };
  }

  private static long keyword(List<String> keywords, String name) {
    for (int i = 0; i < keywords.size(); i++) {
      if (keywords.get(i).equalsIgnoreCase(name)) {
        return Flags.keyword(i);
      }
    }
    if (keywords.size() == Flags.MAX_KEYWORDS) {
      throw new Refusal(Refusal.Code.LIMIT, "no more than " + Flags.MAX_KEYWORDS + " keywords");
    }
    keywords.add(name);
    return Flags.keyword(keywords.size() - 1);
  }
}
