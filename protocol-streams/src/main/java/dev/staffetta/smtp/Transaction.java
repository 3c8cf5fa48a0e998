package dev.staffetta.smtp;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.EnvelopeOptions.ForRecipient;
import dev.staffetta.ports.MailAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A mail transaction (RFC 5321 3.3).
 *
 * @param sender empty: the null sender
 * @param parameters of MAIL
 * @param asked what was asked for each recipient that was taken; each once, in their order
 * @param intake the message so far, once its first BDAT came
 */
record Transaction(
    Optional<MailAddress> sender,
    MailParameters parameters,
    Map<MailAddress, ForRecipient> asked,
    Optional<Intake> intake) {

  static Transaction from(SmtpCommand.Mail mail) {
    return new Transaction(mail.sender(), mail.parameters(), Map.of(), Optional.empty());
  }

  Transaction with(MailAddress recipient, ForRecipient what) {
    Map<MailAddress, ForRecipient> more = new LinkedHashMap<>(asked);
    more.put(recipient, what);
    return new Transaction(sender, parameters, more, intake);
  }

  Transaction with(Intake now) {
    return new Transaction(sender, parameters, asked, Optional.of(now));
  }

  /** Whether SMTPUTF8 was given. */
  boolean utf8() {
    return parameters.utf8();
  }

  List<MailAddress> recipients() {
    return List.copyOf(asked.keySet());
  }

  /** Accounts do not tell upper and lower case apart, so neither does this. */
  boolean has(MailAddress recipient) {
    return asked.keySet().stream()
        .anyMatch(
            r ->
                r.localPart().equalsIgnoreCase(recipient.localPart())
                    && r.domain().equals(recipient.domain()));
  }

  /**
   * Whence and whither.
   *
   * @param submitter empty: it comes from another server
   */
  Envelope envelope(Optional<AccountId> submitter) {
    return new Envelope(
        sender,
        recipients(),
        new EnvelopeOptions(
            parameters.eightBit(),
            parameters.utf8(),
            parameters.requiresTls(),
            parameters.returned(),
            parameters.envelopeId(),
            submitter,
            asked));
  }
}
