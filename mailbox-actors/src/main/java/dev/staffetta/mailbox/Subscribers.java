package dev.staffetta.mailbox;

import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.Mailboxes.Access;
import dev.staffetta.sharding.ParcelKeeper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The sessions that have a mailbox open. Belongs to the mailbox's actor; used on its thread only.
 */
final class Subscribers {
  /** Of more than so many messages or ranges a session on another node has to ask. */
  private static final int MAX_TOLD = 2000;

  private final Map<ActorRef<Notice>, Access> accesses = new HashMap<>();

  /** Whether it is new. */
  boolean add(ActorRef<Notice> subscriber, Access access) {
    return accesses.put(subscriber, access) == null;
  }

  /** Whether it was the last one that may write. */
  boolean remove(ActorRef<Notice> subscriber) {
    return accesses.remove(subscriber) == Access.READ_WRITE && !hasWriter();
  }

  boolean isEmpty() {
    return accesses.isEmpty();
  }

  /** Whether new messages are known to a session at once, so that they are \\Recent to it alone. */
  boolean hasWriter() {
    return accesses.containsValue(Access.READ_WRITE);
  }

  /** Tells all of them; those on other nodes only that there is something, if it is much. */
  void tell(List<MailboxEvent.Changed> events, long uidValidity) {
    for (MailboxEvent.Changed event : events) {
      Notice.Told told = new Notice.Told(event);
      Notice.Stands stands = new Notice.Stands(uidValidity, event.modseq());
      boolean isMuch =
          event.added().size() + event.changed().size() + event.expunged().ranges().size()
              > MAX_TOLD;
      for (ActorRef<Notice> subscriber : accesses.keySet()) {
        subscriber.tell(isMuch && !ParcelKeeper.isHere(subscriber) ? stands : told);
      }
    }
  }

  /** The mailbox is no more. */
  void tellGone() {
    accesses.keySet().forEach(subscriber -> subscriber.tell(new Notice.Gone()));
    accesses.clear();
  }
}
