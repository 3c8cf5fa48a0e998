package dev.staffetta.pop3;

import dev.staffetta.ports.Accounts.MaildropLock;
import dev.staffetta.ports.Refusal;
import java.util.Optional;

/**
 * The lock that a connection may hold. It is let go whichever comes first, the end of the
 * connection or the lock itself, on whatever threads they come.
 */
final class HeldLock {
  private Optional<MaildropLock> held = Optional.empty();
  private boolean isClosed;

  /** Keeps a lock; if the connection is gone already, lets it go and refuses. */
  synchronized void hold(MaildropLock lock) {
    if (isClosed) {
      lock.release();
      throw new Refusal(Refusal.Code.UNAVAILABLE, "the connection is closed");
    }
    held = Optional.of(lock);
  }

  /** Lets go of what is held. */
  synchronized void release() {
    held.ifPresent(MaildropLock::release);
    held = Optional.empty();
  }

  /** Lets go of what is held, and of whatever comes yet. */
  synchronized void close() {
    isClosed = true;
    release();
  }
}
