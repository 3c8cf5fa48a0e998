package dev.staffetta.ports;

/**
 * A mailbox that a session has selected. Until it is closed, the listener given at opening hears of
 * each change.
 */
public interface OpenMailbox {
  /** How it stood at opening; every change since then reaches the listener. */
  MailboxView view();

  /**
   * Messages with this UID or a higher one are \Recent to this session (RFC 3501 2.3.2); none: the
   * UIDNEXT.
   */
  long recentFrom();

  /**
   * Has the mailbox looked at anew, in case an event was lost on the way; what was missed comes to
   * the listener.
   */
  void refresh();

  /** Ends the subscription. May be called twice. */
  void close();
}
