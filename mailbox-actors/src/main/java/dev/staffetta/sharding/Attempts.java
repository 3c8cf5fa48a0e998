package dev.staffetta.sharding;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Questions that wait for an answer. When the lead of their partition moves, none of those sent to
 * the old place need be waited for; and until all nodes know the new place, a question may be lost
 * again, so for a while each waits only a short time.
 */
final class Attempts {
  /**
   * What it takes until every node knows that a shard has moved, with a dead node to be noticed.
   */
  private static final Duration UNSETTLED = Duration.ofSeconds(10);

  private static final Duration SHORT = Duration.ofMillis(700);

  private final LeaderBoard board;

  /** What ends each of them. */
  private final Map<Integer, Set<Runnable>> waiting = new ConcurrentHashMap<>();

  Attempts(LeaderBoard board) {
    this.board = board;
    board.onMove((partition, from) -> cut(partition));
  }

  /** How long to wait for one answer: less than usual while the lead is new. */
  Duration patience(int partition, Duration usual) {
    return board.hasMovedWithin(partition, UNSETTLED) && usual.compareTo(SHORT) > 0 ? SHORT : usual;
  }

  /** The answer, or a failure as soon as the lead of the partition moves. */
  <T> CompletionStage<T> cutByMove(int partition, CompletionStage<T> answer) {
    CompletableFuture<T> attempt = new CompletableFuture<>();
    Runnable cut =
        () -> attempt.completeExceptionally(new IllegalStateException("the entity moves"));
    Set<Runnable> all = waiting.computeIfAbsent(partition, none -> ConcurrentHashMap.newKeySet());
    all.add(cut);
    var unused =
        answer.whenComplete(
            (value, failure) -> {
              all.remove(cut);
              if (failure == null) {
                attempt.complete(value);
              } else {
                attempt.completeExceptionally(failure);
              }
            });
    return attempt;
  }

  private void cut(int partition) {
    waiting.getOrDefault(partition, Set.of()).forEach(Runnable::run);
  }
}
