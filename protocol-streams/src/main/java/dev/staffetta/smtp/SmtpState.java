package dev.staffetta.smtp;

import dev.staffetta.ports.AccountId;
import dev.staffetta.smtp.SmtpCommand.Hello;
import dev.staffetta.wire.Connection;
import java.util.Optional;

/**
 * A session.
 *
 * @param tls whether TLS is on
 * @param hello how the client named itself; empty: not yet, or not since TLS started
 * @param account whose owner the client is; empty: nobody known
 * @param phase what the session waits for
 * @param faults bad commands since the last message that was delivered
 * @param refusedRecipients since the last message that was delivered
 * @param failedAuthentications wrong passwords
 * @param messages begun in this session
 */
record SmtpState(
    Connection connection,
    boolean tls,
    Optional<Hello> hello,
    Optional<AccountId> account,
    SmtpPhase phase,
    int faults,
    int refusedRecipients,
    int failedAuthentications,
    long messages) {

  /** A new connection's. */
  static SmtpState of(Connection connection) {
    return new SmtpState(
        connection,
        connection.tls(),
        Optional.empty(),
        Optional.empty(),
        new AwaitingCommand(),
        0,
        0,
        0,
        0);
  }

  /** Whether a password sent now is seen by nobody on the way. */
  boolean isConfidential() {
    return tls || connection.isLoopback();
  }

  /** Whether STARTTLS would do something. */
  boolean canStartTls() {
    return connection.startTls() && !tls;
  }

  SmtpState phase(SmtpPhase next) {
    return new SmtpState(
        connection,
        tls,
        hello,
        account,
        next,
        faults,
        refusedRecipients,
        failedAuthentications,
        messages);
  }

  SmtpState greeted(Hello by) {
    return new SmtpState(
        connection,
        tls,
        Optional.of(by),
        account,
        phase,
        faults,
        refusedRecipients,
        failedAuthentications,
        messages);
  }

  SmtpState authenticated(AccountId as) {
    return new SmtpState(
        connection,
        tls,
        hello,
        Optional.of(as),
        phase,
        faults,
        refusedRecipients,
        failedAuthentications,
        messages);
  }

  /** Under TLS, and knowing nothing of what was said before (RFC 3207 4.2). */
  SmtpState secured() {
    return new SmtpState(
        connection,
        true,
        Optional.empty(),
        Optional.empty(),
        new AwaitingCommand(),
        faults,
        refusedRecipients,
        failedAuthentications,
        messages);
  }

  SmtpState counted(int newFaults, int newRefusedRecipients, int newFailedAuthentications) {
    return new SmtpState(
        connection,
        tls,
        hello,
        account,
        phase,
        faults + newFaults,
        refusedRecipients + newRefusedRecipients,
        failedAuthentications + newFailedAuthentications,
        messages);
  }

  SmtpState messageBegun() {
    return new SmtpState(
        connection,
        tls,
        hello,
        account,
        phase,
        faults,
        refusedRecipients,
        failedAuthentications,
        messages + 1);
  }

  /** A client that delivers mail has its mistakes forgotten. */
  SmtpState messageDelivered() {
    return new SmtpState(
        connection, tls, hello, account, phase, 0, 0, failedAuthentications, messages);
  }
}
