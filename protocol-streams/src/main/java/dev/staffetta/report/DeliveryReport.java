package dev.staffetta.report;

import dev.staffetta.ports.MailAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * A report on a message to its sender (RFC 3464).
 *
 * @param reportingMta our host name
 * @param to the sender of the message
 * @param id unique to the report, of letters and digits
 * @param date of the report
 * @param envelopeId as the sender gave it (RFC 3461 4.4)
 * @param arrival of the message here
 * @param messageId of the message, with angle brackets
 * @param isUtf8 whether the message had SMTPUTF8, so that its sender can read UTF-8 (RFC 6533)
 * @param recipients at least one
 * @param returned the message, or a part of it
 */
public record DeliveryReport(
    String reportingMta,
    MailAddress to,
    String id,
    Instant date,
    Optional<String> envelopeId,
    Optional<Instant> arrival,
    Optional<String> messageId,
    boolean isUtf8,
    List<RecipientReport> recipients,
    ReturnedContent returned) {
  public DeliveryReport {
    recipients = List.copyOf(recipients);
    if (recipients.isEmpty()) {
      throw new IllegalArgumentException("a report is about at least one recipient");
    }
  }

  /** RFC 3464 2.3.3. */
  public enum Action {
    FAILED,
    DELAYED,
    DELIVERED,
    RELAYED,
    EXPANDED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What became of the message for one recipient (RFC 3464 2.3).
   *
   * @param original ORCPT, type and address: {@code rfc822;Bob@example.com}
   * @param status enhanced status code (RFC 3463)
   * @param remoteMta the host that decided it
   * @param diagnostic what it said, {@code 550 5.1.1 no such user}; without a remote host, in our
   *     words
   */
  public record RecipientReport(
      MailAddress recipient,
      Optional<String> original,
      Action action,
      String status,
      Optional<String> remoteMta,
      Optional<String> diagnostic,
      Optional<Instant> lastAttempt,
      Optional<Instant> willRetryUntil) {}

  /**
   * What of the message comes back (RFC 3461 4.3).
   *
   * @param isWhole whether it is all of it; else its header
   */
  public record ReturnedContent(boolean isWhole, ByteString bytes) {
    /** Nothing: the message could not be read any more. */
    public static final ReturnedContent LOST =
        new ReturnedContent(false, ByteString.emptyByteString());

    @SuppressWarnings("ReferenceEquality") // nothing of a message may come back of others, too
    boolean isLost() {
      return this == LOST;
    }
  }
}
