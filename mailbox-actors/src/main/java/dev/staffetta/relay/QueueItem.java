package dev.staffetta.relay;

import dev.staffetta.ports.ContentId;
import dev.staffetta.smtp.client.RemoteReply;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A message that waits for a destination.
 *
 * @param mail its envelope
 * @param messageId of its header; empty text: it has none
 * @param recipients in the order of the envelope
 * @param failures attempts in vain so far
 * @param nextAttempt when it is due
 * @param isWarned whether its sender was told of the delay
 * @param waitsForDestination its last failure was not its own: it is due when the destination is
 *     back
 * @param attempts the last ones
 */
record QueueItem(
    ContentId content,
    long size,
    String messageId,
    Outbound mail,
    List<RecipientState> recipients,
    int failures,
    Instant nextAttempt,
    boolean isHeld,
    boolean isWarned,
    boolean waitsForDestination,
    List<Attempt> attempts) {
  private static final int MOST_ATTEMPTS = 60;

  QueueItem {
    recipients = List.copyOf(recipients);
    attempts =
        List.copyOf(
            attempts.size() > MOST_ATTEMPTS
                ? attempts.subList(attempts.size() - MOST_ATTEMPTS, attempts.size())
                : attempts);
  }

  /** What one attempt came to for one recipient. */
  record Attempt(Instant at, String host, String recipient, String result, RemoteReply reply) {}

  /** The same for the same content and destination. */
  ContentId id() {
    return idOf(content, mail.destination());
  }

  static ContentId idOf(ContentId content, String destination) {
    return content.derived("queue item", destination);
  }

  static QueueItem accepted(ContentId content, long size, String messageId, Outbound mail) {
    return new QueueItem(
        content,
        size,
        messageId,
        mail,
        mail.recipients().stream()
            .map(recipient -> RecipientState.waiting(recipient, mail.accepted()))
            .toList(),
        0,
        mail.accepted(),
        false,
        false,
        false,
        List.of());
  }

  List<RecipientState> waiting() {
    return recipients.stream().filter(RecipientState::isWaiting).toList();
  }

  boolean hasReportsDue() {
    return recipients.stream().anyMatch(r -> r.due() != RecipientState.Told.NOTHING);
  }

  /** Nothing is left to be done for it. */
  boolean isFinished() {
    return waiting().isEmpty() && !hasReportsDue();
  }

  QueueItem withRecipients(UnaryOperator<RecipientState> change) {
    return new QueueItem(
        content,
        size,
        messageId,
        mail,
        recipients.stream().map(change).toList(),
        failures,
        nextAttempt,
        isHeld,
        isWarned,
        waitsForDestination,
        attempts);
  }

  QueueItem withNext(int failed, Instant next, boolean warned, boolean forDestination) {
    return new QueueItem(
        content,
        size,
        messageId,
        mail,
        recipients,
        failed,
        next,
        isHeld,
        warned,
        forDestination,
        attempts);
  }

  QueueItem withHeld(boolean held) {
    return new QueueItem(
        content,
        size,
        messageId,
        mail,
        recipients,
        failures,
        nextAttempt,
        held,
        isWarned,
        waitsForDestination,
        attempts);
  }

  QueueItem withAttempts(List<Attempt> all) {
    return new QueueItem(
        content,
        size,
        messageId,
        mail,
        recipients,
        failures,
        nextAttempt,
        isHeld,
        isWarned,
        waitsForDestination,
        all);
  }
}
