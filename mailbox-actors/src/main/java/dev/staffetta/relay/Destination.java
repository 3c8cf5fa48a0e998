package dev.staffetta.relay;

import dev.staffetta.ports.ContentId;
import dev.staffetta.relay.ConnectionLimits.Standing;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a queue has in memory of one destination: only what is due is loaded. Changed by its {@link
 * RelayQueue} on that actor's thread only.
 */
final class Destination {
  final String name;

  /** Loaded, and given to no connection yet. */
  final Deque<QueueItem> ready = new ArrayDeque<>();

  /** Loaded or in work: not to be loaded again. */
  final Set<ContentId> busy = new HashSet<>();

  /** What each connection sends. */
  final Map<ActorRef<Delivery.Command>, QueueItem> sending = new HashMap<>();

  /** All connections, and what they count as. */
  final Map<ActorRef<Delivery.Command>, Connection> connections = new HashMap<>();

  /** Connections that wait for a message. */
  final Set<ActorRef<Delivery.Command>> idle = new LinkedHashSet<>();

  /** How fast it is sent messages. */
  final SendingRate rate;

  /** What counts what becomes of them; empty: nothing did yet. */
  Optional<DestinationTally> tally = Optional.empty();

  /** Of what is not loaded, since 1970. */
  long nextDueMillis = Long.MAX_VALUE;

  /** Its keys are gone through, and this one was the last; empty: not now. */
  Optional<byte[]> loadedTo = Optional.empty();

  /** No connection before. */
  long restsUntilMillis;

  /** Then something that waits for it, due or not, is to find out whether it is back. */
  long probeAtMillis = Long.MAX_VALUE;

  /** In a row, of connections that did not come about, or were lost. */
  int failures;

  boolean hasWorked;
  boolean isLoading;

  /** What is being loaded may have changed. */
  boolean isStale;

  /** It is back: what waits for it is loaded whenever it is due. */
  boolean isBack;

  /** It failed so: all that is due is put off with this. */
  Optional<RelayQueueCommand.NoWay> failure = Optional.empty();

  Destination(String name, SendingRate rate) {
    this.name = name;
    this.rate = rate;
  }

  /** A connection's place among those of the node. */
  record Connection(Standing standing, boolean requiresTls) {}

  /** A connection did not come about, or was lost; those that fail together are one failure. */
  void failed(long nowMillis, RelayProgress progress) {
    if (nowMillis >= restsUntilMillis) {
      failures++;
      restsUntilMillis = nowMillis + progress.rest(name, failures).toMillis();
      probeAtMillis = restsUntilMillis;
    }
    isBack = false;
  }

  /** It took a message, or had an answer about it; whether it was not known to do so. */
  boolean works() {
    boolean isNews = failures > 0 || !hasWorked;
    hasWorked = true;
    failures = 0;
    restsUntilMillis = 0;
    probeAtMillis = Long.MAX_VALUE;
    isBack |= isNews;
    return isNews;
  }

  Standing standing() {
    if (failures > 0) {
      return Standing.FAILED;
    }
    return hasWorked ? Standing.WORKS : Standing.NEW;
  }

  /** Nothing is known of it that a fresh one would not know. */
  boolean isForgettable(long nowMillis) {
    return ready.isEmpty()
        && busy.isEmpty()
        && connections.isEmpty()
        && !isLoading
        && (failures == 0 || nowMillis >= restsUntilMillis)
        && rate.isFresh(nowMillis)
        && loadedTo.isEmpty()
        && probeAtMillis == Long.MAX_VALUE
        && nextDueMillis == Long.MAX_VALUE;
  }
}
