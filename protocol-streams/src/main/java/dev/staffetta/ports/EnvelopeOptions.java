package dev.staffetta.ports;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a sender asked for with the parameters of MAIL and RCPT, as far as it goes with the message
 * to the next server.
 *
 * @param isEightBit BODY=8BITMIME (RFC 6152)
 * @param isUtf8 SMTPUTF8 (RFC 6531)
 * @param requiresTls REQUIRETLS (RFC 8689)
 * @param returned RET, how much of the message a report of failure contains (RFC 3461 4.3)
 * @param envelopeId ENVID, not encoded (RFC 3461 4.4)
 * @param submitter the account that submitted it; empty: it came from another server, or was made
 *     here
 * @param recipients what was asked for single recipients; one that is missing asked for nothing
 */
public record EnvelopeOptions(
    boolean isEightBit,
    boolean isUtf8,
    boolean requiresTls,
    Optional<Returned> returned,
    Optional<String> envelopeId,
    Optional<AccountId> submitter,
    Map<MailAddress, ForRecipient> recipients) {
  /** Nothing. */
  public static final EnvelopeOptions NONE =
      new EnvelopeOptions(
          false, false, false, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

  public EnvelopeOptions {
    recipients = Map.copyOf(recipients);
  }

  /** What was asked for one recipient. */
  public ForRecipient of(MailAddress recipient) {
    return recipients.getOrDefault(recipient, ForRecipient.NONE);
  }

  /** RFC 3461 4.3. */
  public enum Returned {
    FULL,
    HDRS
  }

  /** RFC 3461 4.1; an empty set of them is NEVER. */
  public enum Notify {
    SUCCESS,
    FAILURE,
    DELAY
  }

  /**
   * The parameters of RCPT.
   *
   * @param reports NOTIFY; empty: it was not given; an empty set: NEVER (RFC 3461 4.1)
   * @param originalRecipient ORCPT, type and address, not encoded: {@code rfc822;Bob@example.com}
   *     (RFC 3461 4.2)
   */
  public record ForRecipient(Optional<Set<Notify>> reports, Optional<String> originalRecipient) {
    /** Nothing. */
    public static final ForRecipient NONE = new ForRecipient(Optional.empty(), Optional.empty());

    public ForRecipient {
      reports = reports.map(Set::copyOf);
    }

    /**
     * Whether the sender is to hear of it. Without a word from him: of a failure and of a delay
     * (RFC 3461 6.2, 6.3 leave the second to us).
     */
    public boolean wants(Notify report) {
      return reports.map(asked -> asked.contains(report)).orElse(report != Notify.SUCCESS);
    }
  }
}
