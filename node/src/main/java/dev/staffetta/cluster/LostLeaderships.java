package dev.staffetta.cluster;

import dev.staffetta.sharding.LeaderBoard;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which nodes have lately lost a leadership to another node in a newer term of Raft: a majority of
 * that partition's replicas has found that the node is gone. Safe for threads.
 */
final class LostLeaderships {
  /** Long enough that it does not matter whether Raft or the failure detector is the quicker. */
  private static final Duration MEMORY = Duration.ofSeconds(10);

  /** When a node last lost one, by {@link System#nanoTime}. */
  private final Map<String, Long> losses = new ConcurrentHashMap<>();

  private LostLeaderships() {}

  /**
   * Watches from now on.
   *
   * @param heard runs after each loss; must be quick
   */
  static LostLeaderships watch(LeaderBoard board, Runnable heard) {
    LostLeaderships watching = new LostLeaderships();
    board.onMove(
        (partition, from) -> {
          watching.losses.put(from, System.nanoTime());
          heard.run();
        });
    return watching;
  }

  /** Whether a node has lost one a short while ago. */
  boolean has(String node) {
    Long at = losses.get(node);
    return at != null && System.nanoTime() - at < MEMORY.toNanos();
  }
}
