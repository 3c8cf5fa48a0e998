package dev.staffetta.relay;

import dev.staffetta.ports.ContentId;
import dev.staffetta.relay.QueueChange.Forgotten;
import dev.staffetta.store.KeyRange;
import dev.staffetta.store.Reader;
import dev.staffetta.store.Scan;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads a queue's keys. Every call may block on the disk. */
record WaitingMail(Reader reader) {
  private static final int AT_ONCE = 10_000;

  /** What waits for a destination; changed by {@link #counts} only. */
  static final class Count {
    long waiting;
    long recipients;
    long held;
    long nextDueMillis = Long.MAX_VALUE;
    long oldestMillis = Long.MAX_VALUE;
  }

  /**
   * Which items of a destination are wanted.
   *
   * @param now those that are due then
   * @param after this key; empty: from the first
   * @param without these
   * @param isBack those, too, that wait for the destination, whenever they are due
   */
  record Wanted(
      String destination,
      Instant now,
      Optional<byte[]> after,
      Set<ContentId> without,
      boolean isBack,
      int limit) {}

  /**
   * Some of them.
   *
   * @param nextDueMillis of those that were passed over
   * @param last key that was looked at; empty: there are no more
   */
  record Due(List<QueueItem> items, long nextDueMillis, Optional<byte[]> last) {}

  boolean isKnown(ContentId id) {
    return reader.get(QueueKeys.item(id)).isPresent()
        || reader.get(QueueKeys.finished(id)).isPresent();
  }

  /** By destination; one look at each key, in stretches that hold nothing back for long. */
  Map<String, Count> counts() {
    Map<String, Count> counts = new TreeMap<>();
    KeyRange range = QueueKeys.allDue();
    while (true) {
      byte[] last = null;
      try (Scan scan = reader.scan(range)) {
        for (int i = 0; i < AT_ONCE && scan.hasNext(); i++) {
          Scan.Pair pair = scan.next();
          last = pair.key();
          Count count =
              counts.computeIfAbsent(QueueKeys.destinationOfDue(last), name -> new Count());
          long due = QueueKeys.millisOfDue(last);
          count.waiting++;
          count.held += due == QueueKeys.HELD ? 1 : 0;
          count.nextDueMillis = Math.min(count.nextDueMillis, due);
          ByteBuffer value = ByteBuffer.wrap(pair.value());
          count.oldestMillis = Math.min(count.oldestMillis, value.getLong());
          count.recipients += value.getInt();
        }
      }
      if (last == null) {
        return counts;
      }
      range = range.after(last);
    }
  }

  /** Items that are not listed by their destination, some at a time. */
  RelayQueueCommand.Unlisted unlisted(Optional<byte[]> after, int limit) {
    if (reader.get(QueueKeys.listedByDestination()).isPresent()) {
      return new RelayQueueCommand.Unlisted(List.of(), Optional.empty(), true, true);
    }
    List<byte[]> keys = new ArrayList<>();
    Optional<byte[]> last = after;
    KeyRange all = QueueKeys.allDue();
    try (Scan scan = reader.scan(after.map(all::after).orElse(all))) {
      for (int seen = 0; scan.hasNext(); seen++) {
        if (keys.size() >= limit || seen >= AT_ONCE) {
          return new RelayQueueCommand.Unlisted(keys, last, false, false);
        }
        byte[] due = scan.next().key();
        last = Optional.of(due);
        byte[] key =
            QueueKeys.ofDestination(QueueKeys.destinationOfDue(due), QueueKeys.idAtEnd(due));
        if (reader.get(key).isEmpty()) {
          keys.add(key);
        }
      }
    }
    return new RelayQueueCommand.Unlisted(keys, last, true, false);
  }

  /** Items of a destination that are due; going on after the last key costs what is left only. */
  Due due(Wanted wanted) {
    List<QueueItem> items = new ArrayList<>();
    long next = Long.MAX_VALUE;
    KeyRange all = QueueKeys.allDue(wanted.destination());
    byte[] last = new byte[0];
    try (Scan scan = reader.scan(wanted.after().map(all::after).orElse(all))) {
      for (int seen = 0; scan.hasNext(); seen++) {
        if (items.size() >= wanted.limit() || seen >= AT_ONCE) {
          return new Due(items, next, Optional.of(last));
        }
        byte[] key = scan.next().key();
        long due = QueueKeys.millisOfDue(key);
        boolean isDue = due <= wanted.now().toEpochMilli();
        if (due == QueueKeys.HELD || (!isDue && !wanted.isBack())) {
          return new Due(items, Math.min(next, due), Optional.empty());
        }
        last = key;
        ContentId id = QueueKeys.idAtEnd(key);
        if (wanted.without().contains(id)) {
          continue;
        }
        Optional<QueueItem> item = item(id);
        if (item.isPresent() && (isDue || item.get().waitsForDestination())) {
          items.add(item.get());
        } else if (item.isPresent()) {
          next = Math.min(next, due);
        }
      }
    }
    return new Due(items, next, Optional.empty());
  }

  Optional<QueueItem> item(ContentId id) {
    return reader.get(QueueKeys.item(id)).map(ItemEncoding::read);
  }

  /** How much waits, with the destinations that have most. */
  RelayQueueCommand.Sizes sizes(int limit) {
    List<RelayQueueCommand.Size> sizes =
        counts().entrySet().stream()
            .map(
                e ->
                    new RelayQueueCommand.Size(
                        e.getKey(),
                        e.getValue().waiting,
                        e.getValue().recipients,
                        e.getValue().held,
                        e.getValue().oldestMillis))
            .sorted(Comparator.comparingLong(RelayQueueCommand.Size::waiting).reversed())
            .toList();
    return new RelayQueueCommand.Sizes(
        new RelayQueueCommand.Size(
            "",
            sizes.stream().mapToLong(RelayQueueCommand.Size::waiting).sum(),
            sizes.stream().mapToLong(RelayQueueCommand.Size::recipients).sum(),
            sizes.stream().mapToLong(RelayQueueCommand.Size::held).sum(),
            sizes.stream()
                .mapToLong(RelayQueueCommand.Size::oldestMillis)
                .min()
                .orElse(Long.MAX_VALUE)),
        sizes.size(),
        sizes.stream().limit(limit).toList());
  }

  /**
   * Items, ascending by id.
   *
   * @param domain empty text: all
   */
  List<QueueItem> list(String domain, Optional<ContentId> after, int limit) {
    List<QueueItem> items = new ArrayList<>();
    boolean isOfAll = domain.isEmpty();
    KeyRange all = isOfAll ? QueueKeys.items() : QueueKeys.ofDestination(domain);
    Optional<KeyRange> rest =
        after.map(
            id -> all.after(isOfAll ? QueueKeys.item(id) : QueueKeys.ofDestination(domain, id)));
    try (Scan scan = reader.scan(rest.orElse(all))) {
      while (items.size() < limit && scan.hasNext()) {
        Scan.Pair pair = scan.next();
        if (isOfAll) {
          items.add(ItemEncoding.read(pair.value()));
        } else {
          item(QueueKeys.idAtEnd(pair.key())).ifPresent(items::add);
        }
      }
    }
    return items;
  }

  /** Of a Message-ID, content id or item id, waiting or finished. */
  List<QueueItem> trace(String name, int limit) {
    List<ContentId> ids = new ArrayList<>();
    RelayQueueCommand.id(name).ifPresent(ids::add);
    try (Scan scan = reader.scan(QueueKeys.ofMessage(name))) {
      while (ids.size() < limit && scan.hasNext()) {
        ids.add(QueueKeys.idAtEnd(scan.next().key()));
      }
    }
    return ids.stream()
        .flatMap(
            id ->
                item(id)
                    .or(() -> reader.get(QueueKeys.finished(id)).map(ItemEncoding::read))
                    .stream())
        .toList();
  }

  List<Forgotten> finishedBefore(Instant time, int limit) {
    List<Forgotten> old = new ArrayList<>();
    try (Scan scan = reader.scan(QueueKeys.finishedBefore(time))) {
      while (old.size() < limit && scan.hasNext()) {
        byte[] key = scan.next().key();
        old.add(
            new Forgotten(
                key,
                reader.get(QueueKeys.finished(QueueKeys.idAtEnd(key))).map(ItemEncoding::read)));
      }
    }
    return old;
  }
}
