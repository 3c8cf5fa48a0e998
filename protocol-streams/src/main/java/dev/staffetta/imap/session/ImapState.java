package dev.staffetta.imap.session;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.wire.Connection;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

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
    return with(next -> next.isTls = true);
  }

  ImapState with(AccountId newAccount) {
    return with(next -> next.account = Optional.of(newAccount));
  }

  ImapState withSelection(Optional<Selection> newSelection) {
    return with(next -> next.selection = newSelection);
  }

  ImapState with(Reading newReading) {
    return with(next -> next.reading = newReading);
  }

  ImapState withUnderWay(Optional<UnderWay> newUnderWay) {
    return with(next -> next.underWay = newUnderWay);
  }

  ImapState withAwaited(Optional<Awaited<?>> newAwaited) {
    return with(next -> next.awaited = newAwaited);
  }

  ImapState withBadCommands(int newBadCommands) {
    return with(next -> next.badCommands = newBadCommands);
  }

  ImapState withFailedLogins(int newFailedLogins) {
    return with(next -> next.failedLogins = newFailedLogins);
  }

  ImapState withLastNumber(long newLastNumber) {
    return with(next -> next.lastNumber = newLastNumber);
  }

  ImapState closing() {
    return with(
        next -> {
          next.awaited = Optional.empty();
          next.isClosing = true;
        });
  }

  private ImapState with(Consumer<Next> change) {
    Next next = new Next(this);
    change.accept(next);
    return new ImapState(
        connection,
        since,
        next.isTls,
        next.account,
        next.selection,
        next.reading,
        next.underWay,
        next.awaited,
        next.badCommands,
        next.failedLogins,
        next.lastNumber,
        next.isClosing);
  }

  /**
   * A state in the making: changed by one call of {@link #with(Consumer)} only, and gone with it.
   */
  private static final class Next {
    private boolean isTls;
    private Optional<AccountId> account;
    private Optional<Selection> selection;
    private Reading reading;
    private Optional<UnderWay> underWay;
    private Optional<Awaited<?>> awaited;
    private int badCommands;
    private int failedLogins;
    private long lastNumber;
    private boolean isClosing;

    private Next(ImapState before) {
      isTls = before.isTls;
      account = before.account;
      selection = before.selection;
      reading = before.reading;
      underWay = before.underWay;
      awaited = before.awaited;
      badCommands = before.badCommands;
      failedLogins = before.failedLogins;
      lastNumber = before.lastNumber;
      isClosing = before.isClosing;
    }
  }
}
