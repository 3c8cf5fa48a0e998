package dev.staffetta.relay;

import dev.staffetta.config.RelayScheduleSettings;
import dev.staffetta.ports.AccountId;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * What all parts of a {@link RelayQueue} work with. Each part is used on that actor's thread only.
 *
 * @param id of the queue
 * @param owner of the contents of its items
 */
record QueueWork(
    String id,
    AccountId owner,
    Means means,
    ActorContext<RelayQueueCommand> context,
    TimerScheduler<RelayQueueCommand> timers,
    RelayProgress progress) {
  /** What a queue works with. */
  record Means(
      Function<Function<WaitingMail, Object>, CompletionStage<Object>> store,
      Delivery.Means delivery,
      Reports reports,
      RelayScheduleSettings schedule,
      Clock clock) {
    /** Reads off the actor's thread. */
    @SuppressWarnings("unchecked") // the value is the one that the reading gave
    <T> CompletionStage<T> read(Function<WaitingMail, T> reading) {
      return store.apply(reading::apply).thenApply(value -> (T) value);
    }
  }

  RelayMeters meters() {
    return means.delivery().meters();
  }

  Instant now() {
    return means.clock().instant();
  }

  long millis() {
    return means.clock().millis();
  }

  /** Reads off the actor's thread. */
  <T> CompletionStage<T> read(Function<WaitingMail, T> reading) {
    return means.read(reading);
  }
}
