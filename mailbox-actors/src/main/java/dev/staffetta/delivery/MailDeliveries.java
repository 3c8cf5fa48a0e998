package dev.staffetta.delivery;

import dev.staffetta.domain.Destinations;
import dev.staffetta.domain.Recipients;
import dev.staffetta.domain.Resolution;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.EnvelopeOptions.Notify;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.relay.Outbound;
import dev.staffetta.relay.RelayQueues;
import dev.staffetta.relay.Report;
import dev.staffetta.relay.Report.ReportedRecipient;
import dev.staffetta.relay.Reports;
import dev.staffetta.smtp.client.RemoteReply;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Deliveries} of this cluster: what is for accounts here goes into each one's INBOX, once
 * however many of the addresses lead to it; what is for others goes to the queues of their domains.
 *
 * <p>A message is taken over when all of it is placed. Whoever tries the same message again finds
 * what was placed before still there, and nothing is there twice: mailboxes and queues know the
 * content ids.
 */
public final class MailDeliveries implements Deliveries {
  private static final Logger log = LoggerFactory.getLogger(MailDeliveries.class);

  private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

  private final Recipients recipients;
  private final LocalPlacement placement;
  private final Materializer materializer;
  private final Clock clock;
  private final SenderRewriting rewriting;
  private final DeliveryReports reports;

  /** Set once, when the queues are there. */
  private volatile Optional<RelayQueues> queues = Optional.empty();

  /**
   * @param parallel mailboxes that one message is placed in at a time
   * @param forwarding key of rewritten senders; empty: none is
   * @param meters where is told how long it takes
   */
  public MailDeliveries(
      Recipients recipients,
      Mailboxes mailboxes,
      Materializer materializer,
      Clock clock,
      int parallel,
      String forwarding,
      DeliveryReports.Settings reports,
      MeterRegistry meters) {
    this.recipients = recipients;
    this.placement = new LocalPlacement(mailboxes, materializer, parallel, meters);
    this.materializer = materializer;
    this.clock = clock;
    this.rewriting = new SenderRewriting(forwarding);
    this.reports = new DeliveryReports(this, reports, materializer, clock);
  }

  /** Sends mail for other domains through these queues from now on. */
  public void relayThrough(RelayQueues relay) {
    queues = Optional.of(relay);
  }

  /** Reports go the way of all mail. */
  public Reports reports() {
    return reports;
  }

  @Override
  public boolean isRelaying() {
    return queues.isPresent();
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
                    .destinations(List.of(recipient))
                    .thenApply(all -> all.isEmpty() ? Recipient.UNKNOWN : Recipient.LOCAL);
              }
              boolean isKnown =
                  resolution instanceof Resolution.Account
                      || rewriting.original(recipient, clock.instant()).isPresent();
              return CompletableFuture.completedStage(
                  isKnown ? Recipient.LOCAL : Recipient.UNKNOWN);
            });
  }

  @Override
  public CompletionStage<Void> deliver(Envelope envelope, SpooledMessage message) {
    Instant now = clock.instant();
    return destinations(envelope.recipients(), now)
        .thenCompose(
            all -> {
              if (all.isEmpty()) {
                throw new Refusal(Refusal.Code.UNAVAILABLE, "no recipient is here any more");
              }
              if (!all.remote().isEmpty() && queues.isEmpty()) {
                throw new Refusal(
                    Refusal.Code.UNAVAILABLE, "mail to other servers cannot be sent from here yet");
              }
              return onward(envelope, all, message, now)
                  .thenCompose(onward -> place(all, onward, message, now))
                  .thenCompose(placed -> reportSuccess(envelope, all, message, now));
            });
  }

  /** Also those behind addresses that we made of senders. */
  private CompletionStage<Destinations> destinations(List<MailAddress> addresses, Instant now) {
    Map<MailAddress, MailAddress> senders = new LinkedHashMap<>();
    addresses.forEach(
        address ->
            rewriting.original(address, now).ifPresent(sender -> senders.put(sender, address)));
    CompletionStage<Destinations> found = recipients.destinations(addresses);
    if (senders.isEmpty()) {
      return found;
    }
    return found.thenCombine(
        recipients.destinations(senders.keySet()),
        (direct, rewritten) -> {
          Map<AccountId, MailAddress> accounts = new LinkedHashMap<>(direct.accounts());
          rewritten
              .accounts()
              .forEach((account, sender) -> accounts.putIfAbsent(account, senders.get(sender)));
          Map<MailAddress, MailAddress> remote = new LinkedHashMap<>(direct.remote());
          rewritten
              .remote()
              .forEach((address, sender) -> remote.putIfAbsent(address, senders.get(sender)));
          return new Destinations(accounts, remote);
        });
  }

  private CompletionStage<List<OnwardMail>> onward(
      Envelope envelope, Destinations all, SpooledMessage message, Instant now) {
    if (all.remote().isEmpty()) {
      return CompletableFuture.completedStage(List.of());
    }
    return MessageStart.of(message, materializer)
        .thenApply(start -> OnwardMail.of(envelope, all, message, start, rewriting, now));
  }

  /** All are tried, also when one fails: what is placed need not be again. */
  private CompletionStage<Void> place(
      Destinations all, List<OnwardMail> onward, SpooledMessage message, Instant now) {
    List<CompletableFuture<Void>> placed = new ArrayList<>();
    if (!all.accounts().isEmpty()) {
      placed.add(placement.place(all.accounts().keySet(), message, now).toCompletableFuture());
    }
    for (OnwardMail mail : onward) {
      // Inside a stage, so that whatever is thrown does not keep the others from being tried.
      placed.add(
          DONE.thenCompose(start -> queues.orElseThrow().accept(mail.outbound(), mail.message()))
              .whenComplete((accepted, failure) -> logged(mail, message, failure == null))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(placed.toArray(CompletableFuture<?>[]::new));
  }

  private static void logged(OnwardMail mail, SpooledMessage message, boolean isAccepted) {
    log.info(
        "{} {} the queue for {} as {}",
        message.content(),
        isAccepted ? "is in" : "could not be placed in",
        mail.outbound().destination(),
        mail.message().content());
  }

  /**
   * To a sender who asked to hear of it (RFC 3461 5.2.2). The mail is delivered whether he does or
   * not, so a report that cannot be sent is only logged.
   */
  private CompletionStage<Void> reportSuccess(
      Envelope envelope, Destinations all, SpooledMessage message, Instant now) {
    Set<MailAddress> expanded = all.expanded();
    Set<MailAddress> delivered = new LinkedHashSet<>(all.accounts().values());
    delivered.addAll(expanded);
    delivered.removeIf(
        recipient ->
            envelope
                .options()
                .of(recipient)
                .reports()
                .filter(asked -> asked.contains(Notify.SUCCESS))
                .isEmpty());
    if (delivered.isEmpty() || envelope.reversePath().isEmpty()) {
      return DONE;
    }
    RemoteReply reply = new RemoteReply(0, "2.0.0", "delivered");
    Report report =
        new Report(
            Report.Kind.SUCCESS,
            new Outbound(
                "", envelope.reversePath(), List.copyOf(delivered), envelope.options(), now),
            delivered.stream()
                .map(to -> new ReportedRecipient(to, reply, Optional.empty(), now, false))
                .toList(),
            message.content(),
            Optional.of(message.summary()),
            message.bytes(),
            now,
            Optional.empty());
    return reports
        .send(report, expanded)
        .handle(
            (sent, failure) -> {
              if (failure != null) {
                log.warn("No report on {} could be sent", message.content(), failure);
              }
              return null;
            });
  }
}
