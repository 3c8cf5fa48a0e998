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

  /** Of what is not loaded, since 1970. */
  long nextDueMillis = Long.MAX_VALUE;

  /** No connection before. */
  long restsUntilMillis;

  /** In a row. */
  int failures;

  boolean hasWorked;
  boolean isLoading;

  /** What is being loaded may have changed. */
  boolean isStale;

  /** It is back: what waits for it is loaded whenever it is due. */
  boolean isBack;

  /** It failed so: all that is due is put off with this. */
  Optional<RelayQueueCommand.NoWay> failure = Optional.empty();

  Destination(String name) {
    this.name = name;
  }

  /** A connection's place among those of the node. */
  record Connection(Standing standing, boolean requiresTls) {}

  Standing standing() {
    if (failures > 0) {
      return Standing.FAILED;
    }
    return hasWorked ? Standing.WORKS : Standing.NEW;
  }

  /** Nothing is known of it that a fresh one would not know. */
  boolean isForgettable() {
    return ready.isEmpty()
        && busy.isEmpty()
        && connections.isEmpty()
        && !isLoading
        && failures == 0
        && nextDueMillis == Long.MAX_VALUE;
  }
}
