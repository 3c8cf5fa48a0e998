package dev.staffetta.relay;

import dev.staffetta.config.RelayLimitsSettings;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * How many connections a node has to other servers, all its queues together. For any thread.
 *
 * <p>A destination that does not answer holds a connection for long. So those that failed last get
 * a quarter of all at most, and together with those nobody knows yet three quarters: the rest is
 * for destinations that work.
 */
final class ConnectionLimits {
  /** Successes after which one more connection to the same hosts is allowed. */
  private static final int SUCCESSES_TO_GROW = 10;

  private final RelayLimitsSettings settings;
  private final Map<String, Hosts> hosts = new HashMap<>();
  private final Map<Standing, Integer> used = new EnumMap<>(Standing.class);

  ConnectionLimits(RelayLimitsSettings settings) {
    this.settings = settings;
  }

  /** What is known of a destination. */
  enum Standing {
    FAILED,
    NEW,
    WORKS
  }

  /** Hosts that serve the same domains. */
  private static final class Hosts {
    final int most;
    int used;
    int limit;
    int successes;

    Hosts(int most) {
      this.most = most;
      this.limit = most;
    }
  }

  /** Takes a connection; false: there is none left for such a destination. */
  synchronized boolean take(Standing standing) {
    int failed = used(Standing.FAILED);
    int unknown = failed + used(Standing.NEW);
    int all = unknown + used(Standing.WORKS);
    boolean isFree =
        all < settings.connections()
            && (standing == Standing.WORKS || unknown < Math.max(1, settings.connections() * 3 / 4))
            && (standing != Standing.FAILED || failed < Math.max(1, settings.connections() / 4));
    if (isFree) {
      used.merge(standing, 1, Integer::sum);
    }
    return isFree;
  }

  synchronized void giveBack(Standing standing) {
    used.merge(standing, -1, Integer::sum);
  }

  /** How many there are now, open or being opened. */
  synchronized int open(Standing standing) {
    return used(standing);
  }

  /** How many there may be. */
  int most() {
    return settings.connections();
  }

  private int used(Standing standing) {
    return used.getOrDefault(standing, 0);
  }

  /**
   * Takes a connection to hosts.
   *
   * @param most of it at a time, when all is well
   */
  synchronized boolean enter(String key, int most) {
    Hosts to = hosts.computeIfAbsent(key, name -> new Hosts(most));
    if (to.used >= to.limit) {
      return false;
    }
    to.used++;
    return true;
  }

  synchronized void leave(String key) {
    Hosts to = hosts.get(key);
    if (to != null) {
      to.used--;
      if (to.used == 0 && to.limit == to.most) {
        hosts.remove(key);
      }
    }
  }

  /** A message was taken. */
  synchronized void succeeded(String key) {
    Hosts to = hosts.get(key);
    if (to != null && to.limit < to.most && ++to.successes >= SUCCESSES_TO_GROW) {
      to.limit++;
      to.successes = 0;
    }
  }

  /** They refuse, are too busy, or do not answer. */
  synchronized void failed(String key) {
    Hosts to = hosts.get(key);
    if (to != null) {
      to.limit = Math.max(1, to.limit / 2);
      to.successes = 0;
    }
  }
}
