package dev.staffetta.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been started and must be stopped, last first, within one deadline. A step that fails or
 * takes too long is reported and the next one is taken, so that nothing that hangs keeps the node
 * from its end.
 *
 * <p>Used by one thread at a time.
 */
final class ShutdownSteps {
  private static final Logger LOG = LoggerFactory.getLogger(ShutdownSteps.class);

  /** How long a step may take when the time is over. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  /** The same for what has to be closed: files are left as a kill leaves them otherwise. */
  private static final Duration LEAST_FOR_CLOSING = Duration.ofSeconds(15);

  private final Duration leastForClosing;
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

  private record Step(String what, Stop stop, Duration least, boolean isClosing) {}

  ShutdownSteps() {
    this(LEAST_FOR_CLOSING);
  }

  /** With another patience for what is to be closed. */
  ShutdownSteps(Duration leastForClosing) {
    this.leastForClosing = leastForClosing;
  }

  /** Something was started; it will be stopped before what was added earlier. */
  void add(String what, Stop stop) {
    steps.push(new Step(what, stop, LEAST, false));
  }

  /** Something was opened that closes at once, if nothing is wrong with it. */
  void addClosing(String what, Close close) {
    steps.push(new Step(what, left -> closing(what, close), leastForClosing, true));
  }

  private static CompletionStage<?> closing(String what, Close close) {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                close.close();
                closed.complete(null);
              } catch (Exception e) {
                closed.completeExceptionally(e);
              }
            },
            threadName(what));
    thread.setDaemon(true);
    thread.start();
    return closed;
  }

  private static String threadName(String what) {
    return "close " + what;
  }

  private static Throwable whereItHangs(String what) {
    Throwable place = new TimeoutException(threadName(what));
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) -> {
              if (thread.getName().equals(threadName(what))) {
                place.setStackTrace(stack);
              }
            });
    return place;
  }

  /**
   * Stops all.
   *
   * @return what did not close: it may still have its files and ports
   */
  List<String> run(Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    List<String> open = new ArrayList<>();
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      long left = Math.max(0, end - System.nanoTime());
      try {
        step.stop()
            .within(Duration.ofNanos(left))
            .toCompletableFuture()
            .get(Math.max(left, step.least().toNanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        LOG.warn("{}: not stopped within the deadline", step.what());
        if (step.isClosing()) {
          open.add(step.what());
          LOG.warn("{}: it hangs here", step.what(), whereItHangs(step.what()));
        }
      } catch (ExecutionException e) {
        LOG.warn("{}: did not stop cleanly", step.what(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return open;
      } catch (Exception e) {
        LOG.warn("{}: did not stop cleanly", step.what(), e);
      }
    }
    return open;
  }
}
