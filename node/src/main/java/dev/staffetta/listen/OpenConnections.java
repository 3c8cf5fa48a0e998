package dev.staffetta.listen;

import dev.staffetta.config.Service;
import dev.staffetta.wire.RunningSession;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The connections that are open on the node, and whether there may be one more.
 *
 * <p>Safe for threads: every method holds the lock for a few steps only, and calls nothing foreign
 * while it does.
 */
final class OpenConnections {
  private final int max;
  private final int maxPerAddress;
  private final Map<Service, Integer> byService = new EnumMap<>(Service.class);
  private final Map<AddressRange, Integer> byRange = new HashMap<>();
  private final Set<RunningSession> sessions = new HashSet<>();
  private final CompletableFuture<Void> allEnded = new CompletableFuture<>();
  private boolean isStopping;

  /**
   * None are open yet.
   *
   * @param max in all
   * @param maxPerAddress of one address range; loopback is not counted, since who is on this
   *     machine has easier ways to do harm
   */
  OpenConnections(int max, int maxPerAddress) {
    this.max = max;
    this.maxPerAddress = maxPerAddress;
  }

  /** A client's place among the connections. */
  final class Place {
    private final Service service;
    private final Optional<AddressRange> range;

    private Place(Service service, Optional<AddressRange> range) {
      this.service = service;
      this.range = range;
    }

    /** Gives the place to a session, until it ends. */
    void occupy(RunningSession session) {
      boolean isTooLate;
      synchronized (OpenConnections.this) {
        sessions.add(session);
        isTooLate = isStopping;
      }
      if (isTooLate) {
        session.shutdown();
      }
      session.ended().whenComplete((done, never) -> leave(session));
    }

    /** Gives the place back: there will be no session. */
    void giveBack() {
      synchronized (OpenConnections.this) {
        byService.merge(service, -1, Integer::sum);
        range.ifPresent(
            key -> byRange.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1));
      }
    }

    private void leave(RunningSession session) {
      giveBack();
      boolean isLast;
      synchronized (OpenConnections.this) {
        sessions.remove(session);
        isLast = isStopping && sessions.isEmpty();
      }
      if (isLast) {
        allEnded.complete(null);
      }
    }
  }

  /** A place for one more connection; empty: there are too many, or the node stops. */
  synchronized Optional<Place> admit(Service service, int maxOfService, InetAddress client) {
    Optional<AddressRange> range =
        client.isLoopbackAddress() ? Optional.empty() : Optional.of(AddressRange.of(client));
    boolean isFull =
        isStopping
            || total() >= max
            || count(service) >= maxOfService
            || range.map(key -> byRange.getOrDefault(key, 0)).orElse(0) >= maxPerAddress;
    if (isFull) {
      return Optional.empty();
    }
    byService.merge(service, 1, Integer::sum);
    range.ifPresent(key -> byRange.merge(key, 1, Integer::sum));
    return Optional.of(new Place(service, range));
  }

  /** Connections of a service. */
  synchronized int count(Service service) {
    return byService.getOrDefault(service, 0);
  }

  /** Connections of all services. */
  synchronized int total() {
    return byService.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Sends every session its farewell, and admits none from now on; completes when all are gone. */
  CompletionStage<Void> shutdown() {
    List<RunningSession> open;
    synchronized (this) {
      isStopping = true;
      open = List.copyOf(sessions);
    }
    if (open.isEmpty()) {
      allEnded.complete(null);
    }
    open.forEach(RunningSession::shutdown);
    return allEnded;
  }

  /** Resets what is still open. */
  void abort() {
    List<RunningSession> open;
    synchronized (this) {
      open = List.copyOf(sessions);
    }
    open.forEach(RunningSession::abort);
  }
}
