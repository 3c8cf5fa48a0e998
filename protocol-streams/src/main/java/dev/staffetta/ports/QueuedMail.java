package dev.staffetta.ports;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A message for one destination, in its queue or, for some days, remembered when it has left it.
 *
 * @param id the item's
 * @param queue number of the queue: the partition of the destination's name
 * @param messageId of its header
 * @param reversePath empty: the null sender
 * @param options what its sender asked for, and who submitted it
 * @param failures attempts in vain so far
 * @param nextAttempt when it is due, if it waits and is not held
 * @param isHeld waits until it is released
 * @param waitsForDestination its last failure was not its own: it is due when the destination is
 *     back
 * @param attempts the last ones, the oldest first
 */
public record QueuedMail(
    ContentId id,
    int queue,
    ContentId content,
    long size,
    Optional<String> messageId,
    String destination,
    Optional<MailAddress> reversePath,
    EnvelopeOptions options,
    Instant accepted,
    List<Recipient> recipients,
    int failures,
    Instant nextAttempt,
    boolean isHeld,
    boolean waitsForDestination,
    List<Attempt> attempts) {
  public QueuedMail {
    recipients = List.copyOf(recipients);
    attempts = List.copyOf(attempts);
  }

  /** Whether anything is still to be sent. */
  public boolean isWaiting() {
    return recipients.stream().anyMatch(recipient -> recipient.stage() == Stage.WAITING);
  }

  /** How far it has come for a recipient. */
  public enum Stage {
    WAITING,
    DELIVERED,
    FAILED
  }

  /**
   * A recipient.
   *
   * @param reply what was said last: code, status and text
   * @param host who said it; empty: it was decided here
   * @param lastAttempt when
   */
  public record Recipient(
      MailAddress address, Stage stage, String reply, Optional<String> host, Instant lastAttempt) {}

  /**
   * What an attempt came to.
   *
   * @param host where, with the TLS that was spoken; empty: no server was reached
   * @param recipient empty: all that waited
   * @param result DELIVERED, TEMPORARY or PERMANENT
   * @param reply code, status and text
   */
  public record Attempt(
      Instant at, Optional<String> host, Optional<String> recipient, String result, String reply) {}
}
