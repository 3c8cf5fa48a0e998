package dev.staffetta.ports.memory;

import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.Mailboxes.Access;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One listener of a mailbox: events are queued in their order and handed over one at a time. */
final class Subscription {
  final Access access;
  private final Consumer<MailboxEvent> listener;
  private final Queue<MailboxEvent> events = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean closed;

  Subscription(Access access, Consumer<MailboxEvent> listener) {
    this.access = access;
    this.listener = listener;
  }

  void add(MailboxEvent event) {
    events.add(event);
  }

  /** Hands over what is queued; a thread that meets another one here leaves its events to it. */
  void drain() {
    if (waiting.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      for (MailboxEvent event = events.poll(); event != null; event = events.poll()) {
        if (!closed) {
          listener.accept(event);
        }
      }
      seen = waiting.addAndGet(-seen);
    } while (seen != 0);
  }

  void close() {
    closed = true;
  }
}
