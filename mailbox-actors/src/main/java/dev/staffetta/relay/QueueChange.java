package dev.staffetta.relay;

import dev.staffetta.journal.ContentReferences;
import dev.staffetta.journal.KeyChanges;
import dev.staffetta.store.content.Reference;
import dev.staffetta.store.content.SmallContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something of a queue has changed. The items themselves are keys that are written in the event's
 * batch; the event only takes the number that fences it, and says nothing when it is read again.
 */
record QueueChange(
    List<KeyChange> keys,
    List<SmallContent> contents,
    List<Reference> starts,
    List<Reference> stops)
    implements KeyChanges, ContentReferences {
  /** As it is read from the journal. */
  static final QueueChange PAST = new QueueChange(List.of(), List.of(), List.of(), List.of());

  static QueueChange accepted(QueueItem item, Optional<SmallContent> small) {
    List<KeyChange> keys = new ArrayList<>();
    put(keys, item);
    keys.add(KeyChange.put(ofDestination(item), new byte[0]));
    for (String name : names(item)) {
      keys.add(KeyChange.put(QueueKeys.message(name, item.id()), new byte[0]));
    }
    return new QueueChange(keys, small.stream().toList(), List.of(reference(item)), List.of());
  }

  /** What was {@code before} becomes {@code after}, which is finished when it is. */
  static QueueChange changed(QueueItem before, QueueItem after, Instant now) {
    List<KeyChange> keys = new ArrayList<>();
    keys.add(KeyChange.delete(dueKey(before)));
    if (!after.isFinished()) {
      put(keys, after);
      return new QueueChange(keys, List.of(), List.of(), List.of());
    }
    keys.add(KeyChange.delete(QueueKeys.item(after.id())));
    keys.add(KeyChange.delete(ofDestination(after)));
    keys.add(KeyChange.put(QueueKeys.finished(after.id()), ItemEncoding.bytes(after)));
    keys.add(KeyChange.put(QueueKeys.finishedAt(now, after.id()), new byte[0]));
    return new QueueChange(keys, List.of(), List.of(), List.of(reference(after)));
  }

  /** Items are listed by these keys. */
  static QueueChange listed(List<byte[]> keys) {
    return new QueueChange(
        keys.stream().map(key -> KeyChange.put(key, new byte[0])).toList(),
        List.of(),
        List.of(),
        List.of());
  }

  /** What was known of items that were finished long ago goes. */
  static QueueChange forgotten(List<Forgotten> items) {
    List<KeyChange> keys = new ArrayList<>();
    for (Forgotten forgotten : items) {
      keys.add(KeyChange.delete(forgotten.finishedAt()));
      forgotten
          .item()
          .ifPresent(
              item -> {
                keys.add(KeyChange.delete(QueueKeys.finished(item.id())));
                for (String name : names(item)) {
                  keys.add(KeyChange.delete(QueueKeys.message(name, item.id())));
                }
              });
    }
    return new QueueChange(keys, List.of(), List.of(), List.of());
  }

  /** An item to be forgotten, and the key that told its age. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Forgotten(byte[] finishedAt, Optional<QueueItem> item) {}

  private static void put(List<KeyChange> keys, QueueItem item) {
    keys.add(KeyChange.put(QueueKeys.item(item.id()), ItemEncoding.bytes(item)));
    keys.add(
        KeyChange.put(
            dueKey(item),
            java.nio.ByteBuffer.wrap(new byte[Long.BYTES + Integer.BYTES])
                .putLong(item.mail().accepted().toEpochMilli())
                .putInt(item.waiting().size())
                .array()));
  }

  private static byte[] dueKey(QueueItem item) {
    return QueueKeys.due(item.mail().destination(), dueMillis(item), item.id());
  }

  private static byte[] ofDestination(QueueItem item) {
    return QueueKeys.ofDestination(item.mail().destination(), item.id());
  }

  static long dueMillis(QueueItem item) {
    if (item.isHeld()) {
      return QueueKeys.HELD;
    }
    // After a crash a report is sent at once, not with the next attempt.
    return item.hasReportsDue()
        ? item.mail().accepted().toEpochMilli()
        : item.nextAttempt().toEpochMilli();
  }

  /** What it can be traced by. */
  private static List<String> names(QueueItem item) {
    return item.messageId().isEmpty()
        ? List.of(item.content().toString())
        : List.of(item.content().toString(), item.messageId());
  }

  private static Reference reference(QueueItem item) {
    return new Reference(item.content(), item.id().high());
  }
}
