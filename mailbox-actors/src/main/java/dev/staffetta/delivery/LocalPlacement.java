package dev.staffetta.delivery;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Places messages in the INBOXes of accounts of this cluster.
 *
 * <p>All mailboxes are given the same content id. So one that is asked again, because its answer
 * was lost or because another mailbox could not be reached, knows the message already.
 */
final class LocalPlacement {
  private final Mailboxes mailboxes;
  private final Materializer materializer;
  private final int parallel;
  private final Timer placed;
  private final Timer failed;

  /**
   * @param parallel mailboxes that one message is placed in at a time
   */
  LocalPlacement(
      Mailboxes mailboxes, Materializer materializer, int parallel, MeterRegistry meters) {
    this.placed = timer(meters, "placed");
    this.failed = timer(meters, "failed");
    this.mailboxes = mailboxes;
    this.materializer = materializer;
    this.parallel = parallel;
  }

  private static Timer timer(MeterRegistry meters, String result) {
    return Timer.builder("staffetta.local.deliveries")
        .description("Placing a message in one mailbox here")
        .tag("result", result)
        .serviceLevelObjectives(
            IntStream.of(2, 5, 10, 20, 50, 100, 250, 500, 1000, 2500, 10_000)
                .mapToObj(Duration::ofMillis)
                .toArray(Duration[]::new))
        .register(meters);
  }

  /** All are tried, also when one fails: what is placed need not be again. */
  CompletionStage<Void> place(Collection<AccountId> accounts, SpooledMessage message, Instant now) {
    if (accounts.size() == 1) {
      // Most mail: a stream would cost more than the rest.
      return place(accounts.iterator().next(), message, now).thenApply(LocalPlacement::orThrow);
    }
    return Source.from(accounts)
        .mapAsyncUnordered(parallel, account -> place(account, message, now))
        .runWith(
            Sink.<Optional<Throwable>, Optional<Throwable>>fold(
                Optional.empty(), (before, next) -> before.isPresent() ? before : next),
            materializer)
        .thenApply(LocalPlacement::orThrow);
  }

  /** Completes with why it could not be placed, if it could not. */
  private CompletionStage<Optional<Throwable>> place(
      AccountId account, SpooledMessage message, Instant now) {
    long begin = System.nanoTime();
    return mailboxes
        .append(MailboxId.inboxOf(account), message, Set.of(), now)
        .handle(
            (appended, failure) -> {
              (failure == null ? placed : failed)
                  .record(Duration.ofNanos(System.nanoTime() - begin));
              return Optional.ofNullable(failure);
            });
  }

  private static Void orThrow(Optional<Throwable> failure) {
    if (failure.isPresent()) {
      throw Refusal.of(failure.get());
    }
    return null;
  }
}
