package dev.staffetta.admin;

import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.QueuedMail;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A message for one destination as the API shows it. Times are as in RFC 3339.
 *
 * @param id of the item: one message has one for each destination
 * @param queue number of the queue it is or was in
 * @param sender of the envelope; empty text: the null sender
 * @param submitter the account that submitted it; none: it came from another server, or was made
 *     here
 * @param state waiting, held, delivered or failed
 * @param nextAttempt when it is due; none: it is held, or waits no more
 * @param waitsForDestination its last failure was not its own
 */
public record QueueMessage(
    String id,
    int queue,
    String content,
    Optional<String> messageId,
    long size,
    String destination,
    String sender,
    Optional<String> submitter,
    Options options,
    String accepted,
    String state,
    int failures,
    Optional<String> nextAttempt,
    boolean waitsForDestination,
    List<Recipient> recipients,
    List<Attempt> attempts) {
  public QueueMessage {
    recipients = List.copyOf(recipients);
    attempts = List.copyOf(attempts);
  }

  /**
   * What its sender asked for.
   *
   * @param returned RET: full or hdrs
   * @param envelopeId ENVID
   */
  public record Options(
      boolean eightBit,
      boolean utf8,
      boolean requiresTls,
      Optional<String> returned,
      Optional<String> envelopeId) {
    static Options of(EnvelopeOptions options) {
      return new Options(
          options.isEightBit(),
          options.isUtf8(),
          options.requiresTls(),
          options.returned().map(Options::word),
          options.envelopeId());
    }

    private static String word(EnvelopeOptions.Returned returned) {
      return returned.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A recipient.
   *
   * @param state waiting, delivered or failed
   * @param reply what was said last
   * @param host who said it; none: it was decided here
   * @param reports NOTIFY; none: it was not given; no words: never
   * @param originalRecipient ORCPT
   */
  public record Recipient(
      String address,
      String state,
      String reply,
      Optional<String> host,
      String lastAttempt,
      Optional<List<String>> reports,
      Optional<String> originalRecipient) {}

  /**
   * An attempt.
   *
   * @param recipient none: all that waited
   * @param result delivered, temporary or permanent
   */
  public record Attempt(
      String at, Optional<String> host, Optional<String> recipient, String result, String reply) {}

  /**
   * Some messages that wait.
   *
   * @param next where the next page begins; none: this was the last
   */
  public record Page(List<QueueMessage> messages, Optional<String> next) {
    public Page {
      messages = List.copyOf(messages);
    }
  }

  static QueueMessage of(QueuedMail mail) {
    return new QueueMessage(
        mail.id().toString(),
        mail.queue(),
        mail.content().toString(),
        mail.messageId(),
        mail.size(),
        mail.destination(),
        mail.reversePath().map(Object::toString).orElse(""),
        mail.options().submitter().map(account -> account.address()),
        Options.of(mail.options()),
        text(mail.accepted()),
        state(mail),
        mail.failures(),
        mail.isWaiting() && !mail.isHeld()
            ? Optional.of(text(mail.nextAttempt()))
            : Optional.empty(),
        mail.waitsForDestination(),
        mail.recipients().stream().map(recipient -> recipient(mail, recipient)).toList(),
        mail.attempts().stream().map(QueueMessage::attempt).toList());
  }

  private static String state(QueuedMail mail) {
    if (mail.isWaiting()) {
      return mail.isHeld() ? "held" : "waiting";
    }
    boolean isDelivered =
        mail.recipients().stream().allMatch(r -> r.stage() == QueuedMail.Stage.DELIVERED);
    return isDelivered ? "delivered" : "failed";
  }

  private static Recipient recipient(QueuedMail mail, QueuedMail.Recipient recipient) {
    EnvelopeOptions.ForRecipient asked = mail.options().of(recipient.address());
    return new Recipient(
        recipient.address().toString(),
        recipient.stage().name().toLowerCase(Locale.ROOT),
        recipient.reply(),
        recipient.host(),
        text(recipient.lastAttempt()),
        asked
            .reports()
            .map(
                all ->
                    all.stream()
                        .map(report -> report.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .toList()),
        asked.originalRecipient());
  }

  private static Attempt attempt(QueuedMail.Attempt attempt) {
    return new Attempt(
        text(attempt.at()),
        attempt.host(),
        attempt.recipient(),
        attempt.result().toLowerCase(Locale.ROOT),
        attempt.reply());
  }

  /** To the second: nobody reads more. */
  private static String text(Instant time) {
    return Instant.ofEpochSecond(time.getEpochSecond()).toString();
  }
}
