package dev.staffetta.smtp;

import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A mail transaction (RFC 5321 3.3).
 *
 * @param sender empty: the null sender
 * @param utf8 whether SMTPUTF8 was given
 * @param recipients those that were taken, each once
 * @param intake the message so far, once its first BDAT came
 */
record Transaction(
    Optional<MailAddress> sender,
    boolean utf8,
    List<MailAddress> recipients,
    Optional<Intake> intake) {
  Transaction {
    recipients = List.copyOf(recipients);
  }

  static Transaction from(SmtpCommand.Mail mail) {
    return new Transaction(mail.sender(), mail.utf8(), List.of(), Optional.empty());
  }

  Transaction with(MailAddress recipient) {
    List<MailAddress> more = new ArrayList<>(recipients);
    more.add(recipient);
    return new Transaction(sender, utf8, more, intake);
  }

  Transaction with(Intake now) {
    return new Transaction(sender, utf8, recipients, Optional.of(now));
  }

  /** Accounts do not tell upper and lower case apart, so neither does this. */
  boolean has(MailAddress recipient) {
    return recipients.stream()
        .anyMatch(
            r ->
                r.localPart().equalsIgnoreCase(recipient.localPart())
                    && r.domain().equals(recipient.domain()));
  }

  Envelope envelope() {
    return new Envelope(sender, recipients);
  }
}
