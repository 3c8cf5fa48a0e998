package dev.staffetta.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing that hangs keeps a node from its end. */
@Timeout(30)
class ShutdownStepsTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final List<String> stopped = new CopyOnWriteArrayList<>();

  @Test
  void whatWasStartedLastIsStoppedFirst() {
    ShutdownSteps steps = new ShutdownSteps(LONG);
    steps.addClosing("store", () -> stopped.add("store"));
    steps.add("actors", left -> CompletableFuture.completedStage(stopped.add("actors")));
    steps.addClosing("spool", () -> stopped.add("spool"));
    assertThat(steps.run(LONG)).isEmpty();
    assertThat(stopped).containsExactly("spool", "actors", "store");
  }

  @Test
  void whatDoesNotCloseIsNamedAndHoldsUpNothing() {
    CountDownLatch never = new CountDownLatch(1);
    ShutdownSteps steps = new ShutdownSteps(SHORT);
    steps.addClosing("spool", () -> stopped.add("spool"));
    steps.addClosing("store", never::await);
    steps.add("actors", left -> new CompletableFuture<>());
    assertThat(steps.run(SHORT)).containsExactly("store");
    assertThat(stopped).containsExactly("spool");
    never.countDown();
  }

  @Test
  void whatCannotBeClosedCleanlyIsClosed() {
    ShutdownSteps steps = new ShutdownSteps(LONG);
    steps.addClosing("spool", () -> stopped.add("spool"));
    steps.addClosing(
        "store",
        () -> {
          throw new IllegalStateException("broken");
        });
    assertThat(steps.run(LONG)).isEmpty();
    assertThat(stopped).containsExactly("spool");
  }

  @Test
  void whatIsOnlyLateIsClosedAfterTheDeadline() {
    CountDownLatch overdue = new CountDownLatch(1);
    ShutdownSteps steps = new ShutdownSteps(LONG);
    steps.addClosing(
        "store",
        () -> {
          overdue.await();
          stopped.add("store");
        });
    CompletableFuture.delayedExecutor(SHORT.toMillis(), TimeUnit.MILLISECONDS)
        .execute(overdue::countDown);
    assertThat(steps.run(Duration.ZERO)).isEmpty();
    assertThat(stopped).containsExactly("store");
  }
}
