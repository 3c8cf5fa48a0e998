package dev.staffetta.mailbox;

import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.Mailboxes.Access;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The sessions that have a mailbox open. Belongs to the mailbox's actor; used on its thread only.
 */
final class Subscribers {
  private final Map<ActorRef<MailboxEvent>, Access> accesses = new HashMap<>();

  void add(ActorRef<MailboxEvent> subscriber, Access access) {
    accesses.put(subscriber, access);
  }

  /** Whether it was the last one that may write. */
  boolean remove(ActorRef<MailboxEvent> subscriber) {
    return accesses.remove(subscriber) == Access.READ_WRITE && !hasWriter();
  }

  boolean isEmpty() {
    return accesses.isEmpty();
  }

  /** Whether new messages are known to a session at once, so that they are \Recent to it alone. */
  boolean hasWriter() {
    return accesses.containsValue(Access.READ_WRITE);
  }

  void tell(List<MailboxEvent> events) {
    for (ActorRef<MailboxEvent> subscriber : accesses.keySet()) {
      events.forEach(subscriber::tell);
    }
  }

  void clear() {
    accesses.clear();
  }
}
