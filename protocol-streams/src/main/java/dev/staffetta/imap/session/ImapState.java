package dev.staffetta.imap.session;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.wire.Connection;
import java.time.Instant;
import java.util.Optional;

/**
 * All that a session knows (RFC 3501 3).
 *
 * @param since when the client connected
 * @param isTls whether what is said now is secret
 * @param account empty: not authenticated
 * @param selection empty: no mailbox is selected
 * @param reading what the next frame is
 * @param underWay the command that has not had its tagged reply
 * @param awaited the effect whose answer it waits for
 * @param badCommands in a row
 * @param lastNumber given to a subscription or a ticket
 * @param isClosing whether the farewell was said
 */
public record ImapState(
    Connection connection,
    Instant since,
    boolean isTls,
    Optional<AccountId> account,
    Optional<Selection> selection,
    Reading reading,
    Optional<UnderWay> underWay,
    Optional<Awaited<?>> awaited,
    int badCommands,
    int failedLogins,
    long lastNumber,
    boolean isClosing) {
  /**
   * A command that was begun.
   *
   * @param expunges whether other sessions' expunges may be told at its end
   * @param byUid whether it names messages by UID
   */
  record UnderWay(String tag, Updates.Expunges expunges, boolean byUid) {}

  /**
   * An effect, and how the command goes on with its answer or without.
   *
   * @param <T> the answer
   */
  record Awaited<T>(Effect<T> effect, Turn.Then<T> then, Turn.Refused refused) {}

  /** The state of a new connection. */
  static ImapState of(Connection connection, Instant now) {
    return new ImapState(
        connection,
        now,
        connection.tls(),
        Optional.empty(),
        Optional.empty(),
        Reading.COMMAND,
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        0,
        false);
  }

  /** Whether a password may be said: it is secret, or never leaves this machine. */
  boolean mayTellPassword() {
    return isTls || connection.isLoopback();
  }

  /** The mailbox that must be closed when the session ends. */
  public Optional<OpenMailbox> openMailbox() {
    return selection.map(Selection::open);
  }

  /** Whether the client idles (RFC 2177). */
  public boolean isIdling() {
    return reading instanceof Idling;
  }

  public boolean isAuthenticated() {
    return account.isPresent();
  }

  ImapState withTls() {
    return new ImapState(
        connection,
        since,
        true,
        account,
        selection,
        reading,
        underWay,
        awaited,
        badCommands,
        failedLogins,
        lastNumber,
        isClosing);
  }

  ImapState with(AccountId newAccount) {
    return new ImapState(
        connection,
        since,
        isTls,
        Optional.of(newAccount),
        selection,
        reading,
        underWay,
        awaited,
        badCommands,
        failedLogins,
        lastNumber,
        isClosing);
  }

  ImapState withSelection(Optional<Selection> newSelection) {
    return new ImapState(
        connection,
        since,
        isTls,
        account,
        newSelection,
        reading,
        underWay,
        awaited,
        badCommands,
        failedLogins,
        lastNumber,
        isClosing);
  }

  ImapState with(Reading newReading) {
    return new ImapState(
        connection,
        since,
        isTls,
        account,
        selection,
        newReading,
        underWay,
        awaited,
        badCommands,
        failedLogins,
        lastNumber,
        isClosing);
  }

  ImapState withUnderWay(Optional<UnderWay> newUnderWay) {
    return new ImapState(
        connection,
        since,
        isTls,
        account,
        selection,
        reading,
        newUnderWay,
        awaited,
        badCommands,
        failedLogins,
        lastNumber,
        isClosing);
  }

  ImapState withAwaited(Optional<Awaited<?>> newAwaited) {
    return new ImapState(
        connection,
        since,
        isTls,
        account,
        selection,
        reading,
        underWay,
        newAwaited,
        badCommands,
        failedLogins,
        lastNumber,
        isClosing);
  }

  ImapState withBadCommands(int newBadCommands) {
    return new ImapState(
        connection,
        since,
        isTls,
        account,
        selection,
        reading,
        underWay,
        awaited,
        newBadCommands,
        failedLogins,
        lastNumber,
        isClosing);
  }

  ImapState withFailedLogins(int newFailedLogins) {
    return new ImapState(
        connection,
        since,
        isTls,
        account,
        selection,
        reading,
        underWay,
        awaited,
        badCommands,
        newFailedLogins,
        lastNumber,
        isClosing);
  }

  ImapState withLastNumber(long newLastNumber) {
    return new ImapState(
        connection,
        since,
        isTls,
        account,
        selection,
        reading,
        underWay,
        awaited,
        badCommands,
        failedLogins,
        newLastNumber,
        isClosing);
  }

  ImapState closing() {
    return new ImapState(
        connection,
        since,
        isTls,
        account,
        selection,
        reading,
        underWay,
        Optional.empty(),
        badCommands,
        failedLogins,
        lastNumber,
        true);
  }
}
