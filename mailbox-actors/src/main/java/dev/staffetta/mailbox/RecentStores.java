package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxCommand.Stored;
import dev.staffetta.ports.ContentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditional stores that changed something last, by their ids: sent again, one would find its
 * own change and take it for another's. Immutable, bounded.
 *
 * @param entries oldest first
 */
record RecentStores(List<Entry> entries) {
  /** Stores remembered: whoever sends one again does so within seconds. */
  static final int CAPACITY = 64;

  static final RecentStores NONE = new RecentStores(List.of());

  /** One store. */
  record Entry(ContentId operation, Stored answer) {}

  RecentStores {
    entries = List.copyOf(entries);
  }

  /** What a store was answered. */
  Optional<Stored> find(ContentId operation) {
    return entries.stream()
        .filter(entry -> entry.operation().equals(operation))
        .map(Entry::answer)
        .findFirst();
  }

  /** With one more; the oldest is forgotten. */
  RecentStores plus(ContentId operation, Stored answer) {
    List<Entry> result = new ArrayList<>(entries);
    result.add(new Entry(operation, answer));
    return new RecentStores(result.subList(Math.max(0, result.size() - CAPACITY), result.size()));
  }
}
