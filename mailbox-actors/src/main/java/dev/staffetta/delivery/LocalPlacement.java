package dev.staffetta.delivery;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
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

  /**
   * @param parallel mailboxes that one message is placed in at a time
   */
  LocalPlacement(Mailboxes mailboxes, Materializer materializer, int parallel) {
    this.mailboxes = mailboxes;
    this.materializer = materializer;
    this.parallel = parallel;
  }

  /** All are tried, also when one fails: what is placed need not be again. */
  CompletionStage<Void> place(Collection<AccountId> accounts, SpooledMessage message, Instant now) {
    return Source.from(accounts)
        .mapAsyncUnordered(
            parallel,
            account ->
                mailboxes
                    .append(MailboxId.inboxOf(account), message, Set.of(), now)
                    .handle((appended, failure) -> Optional.ofNullable(failure)))
        .runWith(
            Sink.<Optional<Throwable>, Optional<Throwable>>fold(
                Optional.empty(), (before, next) -> before.isPresent() ? before : next),
            materializer)
        .thenApply(
            failure -> {
              if (failure.isPresent()) {
                throw Refusal.of(failure.get());
              }
              return null;
            });
  }
}
