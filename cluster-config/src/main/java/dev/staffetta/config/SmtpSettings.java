package dev.staffetta.config;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Locale;

/**
 * SMTP receive and submission: the section {@code smtp}.
 *
 * @param maxMessageSizeInOctets of a message as the client sends it (RFC 1870)
 * @param maxRecipients of one message
 * @param maxCommandLineInOctets without CRLF; AUTH may be longer
 * @param maxFaults bad commands before the session is ended
 * @param maxRefusedRecipients before the session is ended
 * @param maxFailedAuthentications before the session is ended
 * @param maxReceivedFields that a message may bring (RFC 5321 6.3)
 * @param commandTimeout how long a client may be silent between commands
 * @param dataTimeout how long it may be silent in a message
 * @param deliveryTimeout how long a message that is whole may take into its mailboxes
 * @param postmasterDomain where mail for {@code <postmaster>} goes; empty: the host's own
 * @param submissionFromAnySender whether MAIL may name an address that is not the account's
 * @param submissionFromAnyAuthor whether From may name an address that is not the account's
 */
public record SmtpSettings(
    long maxMessageSizeInOctets,
    int maxRecipients,
    int maxCommandLineInOctets,
    int maxFaults,
    int maxRefusedRecipients,
    int maxFailedAuthentications,
    int maxReceivedFields,
    Duration commandTimeout,
    Duration dataTimeout,
    Duration deliveryTimeout,
    String postmasterDomain,
    boolean submissionFromAnySender,
    boolean submissionFromAnyAuthor) {

  /** RFC 5321 4.5.3.1.7. */
  private static final long LEAST_MESSAGE_SIZE = 64 * 1024;

  /** RFC 5321 4.5.3.1.8. */
  private static final int LEAST_RECIPIENTS = 100;

  /** RFC 5321 4.5.3.1.4, and what MAIL needs more by RFC 1870, 6152, 6531 and 4954. */
  private static final int LEAST_COMMAND_LINE = 1100;

  private static final int MOST_COMMAND_LINE = 12288;

  public SmtpSettings {
    if (maxMessageSizeInOctets < LEAST_MESSAGE_SIZE) {
      throw new IllegalArgumentException(
          "must be at least 64k (RFC 5321 4.5.3.1.7), not " + maxMessageSizeInOctets + " bytes");
    }
    if (maxRecipients < LEAST_RECIPIENTS) {
      throw new IllegalArgumentException(
          "must be at least 100 (RFC 5321 4.5.3.1.8), not " + maxRecipients);
    }
    if (maxCommandLineInOctets < LEAST_COMMAND_LINE || maxCommandLineInOctets > MOST_COMMAND_LINE) {
      throw new IllegalArgumentException(
          "must be from 1100 to 12288 octets, not " + maxCommandLineInOctets);
    }
    atLeastOne(maxFaults);
    atLeastOne(maxRefusedRecipients);
    atLeastOne(maxFailedAuthentications);
    atLeastOne(maxReceivedFields);
    atLeastOneSecond(commandTimeout);
    atLeastOneSecond(dataTimeout);
    atLeastOneSecond(deliveryTimeout);
    postmasterDomain = postmasterDomain.toLowerCase(Locale.ROOT);
  }

  /** Reads the section. */
  public static SmtpSettings from(Config section) {
    return new SmtpSettings(
        section.getBytes("max-message-size"),
        section.getInt("max-recipients"),
        section.getInt("max-command-line"),
        section.getInt("max-faults"),
        section.getInt("max-refused-recipients"),
        section.getInt("max-failed-authentications"),
        section.getInt("max-received-fields"),
        section.getDuration("command-timeout"),
        section.getDuration("data-timeout"),
        section.getDuration("delivery-timeout"),
        section.getString("postmaster-domain"),
        section.getBoolean("submission-from-any-sender"),
        section.getBoolean("submission-from-any-author"));
  }

  private static void atLeastOne(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("must be at least 1, not " + value);
    }
  }

  private static void atLeastOneSecond(Duration value) {
    if (value.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("must be at least 1s, not " + value);
    }
  }
}
