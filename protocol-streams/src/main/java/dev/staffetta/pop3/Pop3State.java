package dev.staffetta.pop3;

import dev.staffetta.wire.Connection;
import java.time.Instant;
import java.util.Optional;

/** Where a session stands (RFC 1939 3). */
sealed interface Pop3State {
  /** What is true of the client in every state. */
  Client client();

  /** This state with other facts about the client. */
  Pop3State with(Client client);

  /**
   * What a session knows of its client.
   *
   * @param tls whether TLS is on
   * @param errors commands that were none, so far
   * @param failedLogins so far
   * @param loginDeadline when it must have logged in
   */
  record Client(
      Connection connection, boolean tls, int errors, int failedLogins, Instant loginDeadline) {
    /**
     * Whether a password may come: never in plain text over a network (RFC 2595 2.3), but to this
     * very machine.
     */
    boolean maySendPassword() {
      return tls || connection.isLoopback();
    }

    /** Whether STLS can be used. */
    boolean canStartTls() {
      return !tls && connection.startTls();
    }

    Client withTls() {
      return new Client(connection, true, errors, failedLogins, loginDeadline);
    }

    Client withError() {
      return new Client(connection, tls, errors + 1, failedLogins, loginDeadline);
    }

    Client withFailedLogin() {
      return new Client(connection, tls, errors, failedLogins + 1, loginDeadline);
    }
  }

  /**
   * AUTHORIZATION.
   *
   * @param user what the last USER said, until a PASS was tried
   * @param isChallenged whether the next line is the response that AUTH PLAIN waits for
   */
  record Authorization(Client client, Optional<String> user, boolean isChallenged)
      implements Pop3State {
    /** With nothing known but the client. */
    static Authorization of(Client client) {
      return new Authorization(client, Optional.empty(), false);
    }

    @Override
    public Authorization with(Client other) {
      return new Authorization(other, user, isChallenged);
    }
  }

  /** A password is being verified and the maildrop locked. */
  record LoggingIn(Client client) implements Pop3State {
    @Override
    public LoggingIn with(Client other) {
      return new LoggingIn(other);
    }
  }

  /** TRANSACTION: the maildrop is locked. */
  record Transaction(Client client, Maildrop maildrop) implements Pop3State {
    @Override
    public Transaction with(Client other) {
      return new Transaction(other, maildrop);
    }

    Transaction with(Maildrop other) {
      return new Transaction(client, other);
    }
  }

  /** UPDATE: after QUIT, the marked messages are being removed. */
  record Updating(Client client, Maildrop maildrop) implements Pop3State {
    @Override
    public Updating with(Client other) {
      return new Updating(other, maildrop);
    }
  }

  /** The connection is being closed; nothing is answered any more. */
  record Ended(Client client) implements Pop3State {
    @Override
    public Ended with(Client other) {
      return new Ended(other);
    }
  }
}
