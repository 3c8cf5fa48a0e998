package dev.staffetta.smtp;

import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.SpooledMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The message that a connection is receiving, if it is, in the spool. Whatever becomes of it, the
 * spool is freed. Used on the connection's stage only, one call at a time.
 */
final class IncomingMessage {
  private static final Logger LOG = LoggerFactory.getLogger(IncomingMessage.class);

  private static final CompletionStage<Void> NOTHING = CompletableFuture.completedStage(null);

  private final Spool spool;
  private final Deliveries deliveries;
  private final Submission submission;
  private final Duration deliveryTimeout;

  /** What was received and is neither delivered nor given up. */
  private Optional<Spool.Writer> writer = Optional.empty();

  IncomingMessage(
      Spool spool, Deliveries deliveries, Submission submission, Duration deliveryTimeout) {
    this.spool = spool;
    this.deliveries = deliveries;
    this.submission = submission;
    this.deliveryTimeout = deliveryTimeout;
  }

  /** Begins a message with these octets. */
  CompletionStage<SmtpInput> open(ByteString octets) {
    giveUp();
    writer = Optional.of(spool.open());
    return append(octets);
  }

  /** The answer says that the next octets may come. */
  CompletionStage<SmtpInput> append(ByteString octets) {
    return writer.orElseThrow().append(octets).thenApply(taken -> new SmtpInput.Spooled());
  }

  /** Frees what was received. */
  void giveUp() {
    writer.ifPresent(Spool.Writer::discard);
    writer = Optional.empty();
  }

  /**
   * Delivers the message. From here on it is not the connection's any more: a client that goes away
   * before it has its reply has sent the message all the same. One whose patience would end before
   * the delivery does is told to come again, whatever becomes of that.
   */
  CompletionStage<SmtpInput> deliver(SmtpEffect.Deliver effect) {
    Spool.Writer whole = writer.orElseThrow();
    writer = Optional.empty();
    return finish(whole, effect.rest())
        .thenCompose(message -> deliver(effect, message))
        .toCompletableFuture()
        .copy()
        .orTimeout(deliveryTimeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static CompletionStage<SpooledMessage> finish(Spool.Writer writer, ByteString rest) {
    // Inside a stage, so that whatever is thrown is a failed answer and frees the spool too.
    return NOTHING
        .thenCompose(start -> rest.isEmpty() ? NOTHING : writer.append(rest))
        .thenCompose(taken -> writer.finish())
        .whenComplete(
            (message, failure) -> {
              if (failure != null) {
                writer.discard();
              }
            });
  }

  private CompletionStage<SmtpInput> deliver(SmtpEffect.Deliver effect, SpooledMessage message) {
    return NOTHING
        .thenCompose(start -> submission.finished(effect.envelope(), message))
        .thenCompose(finished -> deliveries.deliver(effect.envelope(), finished))
        .whenComplete((done, failure) -> log(effect, message, Optional.ofNullable(failure)))
        .whenComplete((done, failure) -> message.release())
        .thenApply(done -> new SmtpInput.Delivered(message.content()));
  }

  private static void log(
      SmtpEffect.Deliver effect, SpooledMessage message, Optional<Throwable> failure) {
    LOG.info(
        "{}: {} as {}: from <{}> to {}, {} octets",
        effect.id(),
        failure.isPresent()
            ? "not delivered (" + Refusal.of(failure.get()).getMessage() + ")"
            : "delivered",
        message.content(),
        effect.envelope().reversePath().map(MailAddress::toString).orElse(""),
        effect.envelope().recipients(),
        message.size());
  }
}
