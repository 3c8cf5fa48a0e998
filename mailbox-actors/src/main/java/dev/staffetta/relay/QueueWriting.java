package dev.staffetta.relay;

import dev.staffetta.ports.ContentId;
import dev.staffetta.relay.RelayQueueCommand.Signal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What of a queue is to be written: what comes while a write is under way is written together with
 * the next. Remembers what changes while somebody who wants to change items reads them.
 */
final class QueueWriting {
  private static final int CHANGES_AT_ONCE = 64;
  private static final int BYTES_AT_ONCE = 512 * 1024;

  /** Beside its contents. */
  private static final int BYTES_A_CHANGE = 2048;

  private final QueueWork work;
  private final List<Pending> pending = new ArrayList<>();

  /** Changed while items to be operated on were read. */
  private final Set<ContentId> touched = new HashSet<>();

  private int readers;
  private boolean isFlushDue;

  /** A change, and what is done when it is durable. */
  record Pending(QueueChange change, Runnable then) {}

  QueueWriting(QueueWork work) {
    this.work = work;
  }

  void write(QueueChange change, Runnable then) {
    pending.add(new Pending(change, then));
    flushSoon();
  }

  private void flushSoon() {
    if (!isFlushDue) {
      isFlushDue = true;
      work.context().getSelf().tell(Signal.FLUSH);
    }
  }

  /** What is written next, together. */
  List<Pending> next() {
    isFlushDue = false;
    int bytes = 0;
    List<Pending> now = new ArrayList<>();
    while (!pending.isEmpty() && now.size() < CHANGES_AT_ONCE && bytes < BYTES_AT_ONCE) {
      Pending next = pending.remove(0);
      bytes +=
          next.change().contents().stream().mapToInt(c -> c.bytes().size()).sum() + BYTES_A_CHANGE;
      now.add(next);
    }
    if (!pending.isEmpty()) {
      flushSoon();
    }
    return now;
  }

  /** An item is about to change. */
  void touch(QueueItem item) {
    if (readers > 0) {
      touched.add(item.id());
    }
  }

  /** Items are being read by somebody who is going to change them. */
  void startReading() {
    readers++;
  }

  /** They have been read; returns those that may have changed meanwhile. */
  Set<ContentId> endReading() {
    Set<ContentId> changed = Set.copyOf(touched);
    readers--;
    if (readers == 0) {
      touched.clear();
    }
    return changed;
  }
}
