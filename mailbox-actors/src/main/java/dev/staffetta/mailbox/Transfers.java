package dev.staffetta.mailbox;

import dev.staffetta.ports.ContentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The copies and moves a mailbox took part in last, by operation id: so a repeated one gets the
 * answer of the first. Immutable, bounded.
 *
 * @param entries oldest first
 */
record Transfers(List<Entry> entries) {
  /** Operations remembered. */
  static final int CAPACITY = 1024;

  static final Transfers NONE = new Transfers(List.of());

  /** One operation. */
  record Entry(ContentId operation, Transfer transfer) {}

  Transfers {
    entries = List.copyOf(entries);
  }

  /** What an operation did. */
  Optional<Transfer> find(ContentId operation) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).operation().equals(operation)) {
        return Optional.of(entries.get(i).transfer());
      }
    }
    return Optional.empty();
  }

  /** With one more; the oldest is forgotten. */
  Transfers plus(ContentId operation, Transfer transfer) {
    List<Entry> result = new ArrayList<>(entries);
    result.add(new Entry(operation, transfer));
    return new Transfers(result.subList(Math.max(0, result.size() - CAPACITY), result.size()));
  }
}
