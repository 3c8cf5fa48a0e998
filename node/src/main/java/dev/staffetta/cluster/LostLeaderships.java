package dev.staffetta.cluster;

import dev.staffetta.sharding.LeaderBoard;
import dev.staffetta.sharding.Leadership;
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

  private final LeaderBoard board;

  /** Who led each partition last, by its number. */
  private final Map<Integer, String> leaders = new ConcurrentHashMap<>();

  /** When a node last lost one, by {@link System#nanoTime}. */
  private final Map<String, Long> losses = new ConcurrentHashMap<>();

  private LostLeaderships(LeaderBoard board) {
    this.board = board;
  }

  /**
   * Watches from now on.
   *
   * @param heard runs after each loss; must be quick
   */
  static LostLeaderships watch(LeaderBoard board, Runnable heard) {
    LostLeaderships watching = new LostLeaderships(board);
    board.all().forEach(watching::note);
    board.onMove(
        partition -> {
          watching.moved(partition);
          heard.run();
        });
    return watching;
  }

  private void note(Leadership leadership) {
    leaders.put(leadership.partition(), leadership.node());
  }

  private void moved(int partition) {
    board
        .leader(partition)
        .ifPresent(
            now -> {
              String before = leaders.put(partition, now);
              if (before != null && !before.equals(now)) {
                losses.put(before, System.nanoTime());
              }
            });
  }

  /** Whether a node has lost one a short while ago. */
  boolean has(String node) {
    Long at = losses.get(node);
    return at != null && System.nanoTime() - at < MEMORY.toNanos();
  }
}
