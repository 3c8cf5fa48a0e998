package dev.staffetta.smtp;

import dev.staffetta.config.SmtpSettings;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.Signatures;
import dev.staffetta.ports.Spool;

/**
 * What all sessions of a listener share.
 *
 * @param hostName this server's name in greetings and trace fields
 * @param signatures of the mail of those who submit it
 * @param directory asked for the first local domain, and for the aliases of those who submit mail
 */
public record SmtpService(
    SmtpRole role,
    String hostName,
    SmtpSettings settings,
    Accounts accounts,
    Deliveries deliveries,
    Spool spool,
    Directory directory,
    Signatures signatures) {

  /** The protocol of one new connection. */
  public SmtpProtocol connection() {
    return new SmtpProtocol(this);
  }
}
