package dev.staffetta.delivery;

import dev.staffetta.domain.Recipients;
import dev.staffetta.domain.Resolution;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * {@link Deliveries} to accounts of this cluster: into each recipient's INBOX, once an account
 * however many of the addresses lead to it.
 *
 * <p>All mailboxes are given the same content id. So one that is asked again, because its answer
 * was lost or because another mailbox could not be reached, knows the message already.
 */
public final class LocalDeliveries implements Deliveries {
  private final Recipients recipients;
  private final Mailboxes mailboxes;
  private final Materializer materializer;
  private final Clock clock;
  private final int parallel;

  /**
   * @param parallel mailboxes that one message is placed in at a time
   */
  public LocalDeliveries(
      Recipients recipients,
      Mailboxes mailboxes,
      Materializer materializer,
      Clock clock,
      int parallel) {
    this.recipients = recipients;
    this.mailboxes = mailboxes;
    this.materializer = materializer;
    this.clock = clock;
    this.parallel = parallel;
  }

  @Override
  public CompletionStage<Recipient> find(MailAddress recipient) {
    return recipients
        .resolve(recipient)
        .thenCompose(
            resolution -> {
              if (resolution instanceof Resolution.NoSuchDomain) {
                return CompletableFuture.completedStage(Recipient.REMOTE);
              }
              if (resolution instanceof Resolution.Alias) {
                // An alias may lead to accounts that are no more.
                return recipients
                    .accounts(List.of(recipient))
                    .thenApply(
                        accounts -> accounts.isEmpty() ? Recipient.UNKNOWN : Recipient.LOCAL);
              }
              return CompletableFuture.completedStage(
                  resolution instanceof Resolution.Account ? Recipient.LOCAL : Recipient.UNKNOWN);
            });
  }

  @Override
  public boolean isRelaying() {
    return false;
  }

  @Override
  public CompletionStage<Void> deliver(Envelope envelope, SpooledMessage message) {
    Instant now = clock.instant();
    return recipients
        .accounts(envelope.recipients())
        .thenCompose(
            accounts -> {
              if (accounts.isEmpty()) {
                throw new Refusal(Refusal.Code.UNAVAILABLE, "no recipient is here any more");
              }
              return place(accounts, message, now);
            });
  }

  /** All are tried, also when one fails: what is placed need not be again. */
  private CompletionStage<Void> place(
      Set<AccountId> accounts, SpooledMessage message, Instant now) {
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
