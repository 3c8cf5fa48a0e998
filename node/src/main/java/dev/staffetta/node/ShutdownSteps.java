package dev.staffetta.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been started and must be stopped, last first, within one deadline. A step that fails or
 * takes too long is reported and the next one is taken.
 *
 * <p>Used by one thread at a time.
 */
final class ShutdownSteps {
  private static final Logger LOG = LoggerFactory.getLogger(ShutdownSteps.class);

  private final Deque<Step> steps = new ArrayDeque<>();

  /** How something is stopped. */
  interface Stop {
    /**
     * Starts to stop it.
     *
     * @param left of the deadline
     */
    CompletionStage<?> within(Duration left) throws Exception;
  }

  /** A stop that is done when the call returns. */
  interface Close {
    void close() throws Exception;
  }

  private record Step(String what, Stop stop) {}

  /** Something was started; it will be stopped before what was added earlier. */
  void add(String what, Stop stop) {
    steps.push(new Step(what, stop));
  }

  /** Something was opened that closes at once. */
  void addClosing(String what, Close close) {
    add(
        what,
        left -> {
          close.close();
          return CompletableFuture.completedFuture(null);
        });
  }

  /** Stops all. */
  void run(Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      // What closes at once is closed even when the time is over.
      long left = Math.max(0, end - System.nanoTime());
      try {
        step.stop()
            .within(Duration.ofNanos(left))
            .toCompletableFuture()
            .get(Math.max(left, TimeUnit.SECONDS.toNanos(1)), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        LOG.warn("{}: not stopped within the deadline", step.what());
      } catch (ExecutionException e) {
        LOG.warn("{}: did not stop cleanly", step.what(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Exception e) {
        LOG.warn("{}: did not stop cleanly", step.what(), e);
      }
    }
  }
}
