package dev.staffetta.smtp;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import dev.staffetta.smtp.SmtpEffect.Abandon;
import dev.staffetta.smtp.SmtpEffect.Append;
import dev.staffetta.smtp.SmtpEffect.Authenticate;
import dev.staffetta.smtp.SmtpEffect.CheckSender;
import dev.staffetta.smtp.SmtpEffect.Deliver;
import dev.staffetta.smtp.SmtpEffect.FindRecipient;
import dev.staffetta.smtp.SmtpEffect.OpenSpool;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the effects of one session, on the connection's stage. */
final class SmtpEffects implements SmtpEffect.Runner {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpEffects.class);

  private final SmtpService service;
  private final IncomingMessage message;

  SmtpEffects(SmtpService service) {
    this.service = service;
    this.message =
        new IncomingMessage(
            service.spool(),
            service.deliveries(),
            new Submission(service),
            service.settings().deliveryTimeout());
  }

  /** The answer of an effect; never fails. */
  CompletionStage<SmtpInput> run(SmtpEffect effect) {
    CompletionStage<? extends SmtpInput> answer;
    try {
      answer = effect.run(this);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.handle(
        (input, failure) -> {
          if (failure == null) {
            return input;
          }
          LOG.debug("{} failed", effect.getClass().getSimpleName(), failure);
          return new SmtpInput.Failed(Refusal.of(failure));
        });
  }

  /** The connection is gone: what is not whole is given up. */
  void close() {
    message.giveUp();
  }

  @Override
  public CompletionStage<SmtpInput> run(CheckSender effect) {
    return SenderRights.mayUse(effect.sender(), effect.account(), service.directory())
        .thenApply(SmtpInput.SenderChecked::new);
  }

  @Override
  public CompletionStage<SmtpInput> run(FindRecipient effect) {
    CompletionStage<SmtpInput> found =
        effect.address().isPresent()
            ? find(effect.address().get())
            : postmaster().thenCompose(this::find);
    return found.thenCompose(input -> counted(effect.account(), input));
  }

  /** Only what leaves the cluster is limited: that is what a stolen password is wanted for. */
  private CompletionStage<SmtpInput> counted(Optional<AccountId> sender, SmtpInput found) {
    boolean leaves =
        found instanceof SmtpInput.RecipientFound recipient
            && recipient.kind() == Deliveries.Recipient.REMOTE;
    return leaves && sender.isPresent()
        ? service.accounts().countRecipient(sender.get()).thenApply(counted -> found)
        : CompletableFuture.completedStage(found);
  }

  private CompletionStage<SmtpInput> find(MailAddress address) {
    return service
        .deliveries()
        .find(address)
        .thenApply(kind -> new SmtpInput.RecipientFound(address, kind));
  }

  /**
   * The postmaster of the configured domain; else of the local domain that the host is in; else of
   * the first local domain (RFC 5321 4.5.1).
   */
  private CompletionStage<MailAddress> postmaster() {
    String configured = service.settings().postmasterDomain();
    if (!configured.isEmpty()) {
      return CompletableFuture.completedFuture(new MailAddress("postmaster", configured));
    }
    return service
        .directory()
        .domains()
        .thenApply(domains -> new MailAddress("postmaster", ownDomain(domains)));
  }

  private String ownDomain(List<String> domains) {
    String host = service.hostName().toLowerCase(Locale.ROOT);
    return domains.stream()
        .filter(domain -> host.equals(domain) || host.endsWith("." + domain))
        .max(Comparator.comparingInt(String::length))
        .or(() -> domains.stream().findFirst())
        .orElse(host);
  }

  @Override
  public CompletionStage<SmtpInput> run(Authenticate effect) {
    return service
        .accounts()
        .authenticate(effect.user(), effect.password(), effect.client())
        .<SmtpInput>thenApply(SmtpInput.Authenticated::new)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.info(
                    "authentication of {} from {} failed: {}",
                    printable(effect.user()),
                    effect.client().getHostAddress(),
                    Refusal.of(failure).getMessage());
              }
            });
  }

  /** What a stranger sent must not look like another line of the log. */
  private static String printable(String text) {
    return text.replaceAll("[^!-~]", "?");
  }

  @Override
  public CompletionStage<SmtpInput> run(OpenSpool effect) {
    return message.open(effect.trace());
  }

  @Override
  public CompletionStage<SmtpInput> run(Append effect) {
    return message.append(effect.octets());
  }

  @Override
  public CompletionStage<SmtpInput> run(Abandon effect) {
    message.giveUp();
    return CompletableFuture.completedFuture(new SmtpInput.Abandoned());
  }

  @Override
  public CompletionStage<SmtpInput> run(Deliver effect) {
    return message.deliver(effect);
  }
}
