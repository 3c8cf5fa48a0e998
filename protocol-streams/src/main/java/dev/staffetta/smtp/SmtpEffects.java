package dev.staffetta.smtp;

import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.SpooledMessage;
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
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the effects of one session. Holds the message that is being received; used on the
 * connection's stage only, which never has two effects that touch the message under way.
 */
final class SmtpEffects implements SmtpEffect.Runner {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpEffects.class);

  private final SmtpService service;

  /** What was received and is neither delivered nor given up. */
  private Optional<Spool.Writer> message = Optional.empty();

  SmtpEffects(SmtpService service) {
    this.service = service;
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
          Refusal refusal = Refusal.of(failure);
          LOG.debug("{} failed: {}", effect.getClass().getSimpleName(), failure.toString());
          return new SmtpInput.Failed(refusal);
        });
  }

  /** The connection is gone: what is not whole is given up. */
  void close() {
    message.ifPresent(Spool.Writer::discard);
    message = Optional.empty();
  }

  /** By an alias that leads to the account, over other aliases of its domain or not. */
  @Override
  public CompletionStage<SmtpInput> run(CheckSender effect) {
    return service
        .directory()
        .aliases(effect.sender().domain())
        .handle(
            (aliases, failure) -> {
              if (failure == null) {
                return new SmtpInput.SenderChecked(
                    SenderRights.leadsTo(effect.sender(), effect.account(), aliases));
              }
              if (Refusal.of(failure).code() == Refusal.Code.UNAVAILABLE) {
                throw new CompletionException(failure);
              }
              // Not a domain of ours.
              return new SmtpInput.SenderChecked(false);
            });
  }

  @Override
  public CompletionStage<SmtpInput> run(FindRecipient effect) {
    return effect.address().isPresent()
        ? find(effect.address().get())
        : postmaster().thenCompose(this::find);
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
        .thenApply(SmtpInput.Authenticated::new);
  }

  @Override
  public CompletionStage<SmtpInput> run(OpenSpool effect) {
    close();
    Spool.Writer writer = service.spool().open();
    message = Optional.of(writer);
    return writer.append(effect.trace()).thenApply(taken -> new SmtpInput.Spooled());
  }

  @Override
  public CompletionStage<SmtpInput> run(Append effect) {
    return message
        .orElseThrow()
        .append(effect.octets())
        .thenApply(taken -> new SmtpInput.Spooled());
  }

  @Override
  public CompletionStage<SmtpInput> run(Abandon effect) {
    close();
    return CompletableFuture.completedFuture(new SmtpInput.Abandoned());
  }

  /**
   * From here on the message is not the connection's any more: a client that goes away before it
   * has its reply has sent the message all the same.
   */
  @Override
  public CompletionStage<SmtpInput> run(Deliver effect) {
    Spool.Writer writer = message.orElseThrow();
    message = Optional.empty();
    return finish(writer, effect.rest()).thenCompose(whole -> deliver(effect.envelope(), whole));
  }

  private static CompletionStage<SpooledMessage> finish(Spool.Writer writer, ByteString rest) {
    CompletionStage<Void> appended =
        rest.isEmpty() ? CompletableFuture.completedFuture(null) : writer.append(rest);
    return appended
        .thenCompose(taken -> writer.finish())
        .whenComplete(
            (whole, failure) -> {
              if (failure != null) {
                writer.discard();
              }
            });
  }

  private CompletionStage<SmtpInput> deliver(Envelope envelope, SpooledMessage whole) {
    CompletionStage<Void> delivered;
    try {
      delivered = service.deliveries().deliver(envelope, whole);
    } catch (RuntimeException e) {
      delivered = CompletableFuture.failedFuture(e);
    }
    // A client whose patience is at its end would never know; rather it is told to come again.
    return delivered
        .whenComplete((done, failure) -> whole.release())
        .<SmtpInput>thenApply(done -> new SmtpInput.Delivered(whole.content()))
        .toCompletableFuture()
        .copy()
        .orTimeout(service.settings().deliveryTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }
}
