package dev.staffetta.relay;

import dev.staffetta.relay.RelayQueueCommand.Signal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All destinations that a queue has mail for, or is connected to, in the order of their turns. */
final class Destinations {
  private final QueueWork work;
  private final Map<String, Destination> byName = new LinkedHashMap<>();
  private boolean isPumpDue;

  Destinations(QueueWork work) {
    this.work = work;
  }

  Destination get(String name) {
    return byName.computeIfAbsent(name, this::fresh);
  }

  private Destination fresh(String name) {
    int messagesAMinute = work.means().delivery().settings().of(name).messagesAMinute();
    return new Destination(name, new SendingRate(messagesAMinute));
  }

  /** All that are not as good as new. */
  Collection<Destination> all() {
    long now = work.millis();
    byName.values().removeIf(to -> to.isForgettable(now));
    return byName.values();
  }

  /** These have had their turn, and come last next time. */
  void served(List<String> names) {
    names.forEach(name -> byName.put(name, byName.remove(name)));
  }

  /** An item that is not loaded waits until its time. */
  void due(QueueItem item) {
    Destination to = get(item.mail().destination());
    to.nextDueMillis = Math.min(to.nextDueMillis, QueueChange.dueMillis(item));
    pumpSoon();
  }

  /** Nobody works on an item any more. */
  void release(QueueItem item) {
    get(item.mail().destination()).busy.remove(item.id());
    if (!item.isFinished()) {
      due(item);
    }
  }

  /** There may be something to do. */
  void pumpSoon() {
    if (!isPumpDue) {
      isPumpDue = true;
      work.context().getSelf().tell(Signal.PUMP);
    }
  }

  void pumping() {
    isPumpDue = false;
  }

  /** The queue ends, and with it its connections. */
  void giveBackConnections() {
    byName.values().stream()
        .flatMap(to -> to.connections.values().stream())
        .forEach(c -> work.means().delivery().limits().giveBack(c.standing()));
  }
}
