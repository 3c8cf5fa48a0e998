package dev.staffetta.ports;

import java.util.concurrent.CompletionStage;

/** Where accepted mail goes. */
public interface Deliveries {
  /** What can be done for a recipient (RFC 5321 3.3, RCPT). */
  enum Recipient {
    /** An account or alias here. */
    LOCAL,
    /** The domain is ours, the local part is nobody's. */
    UNKNOWN,
    /** Another domain. */
    REMOTE
  }

  /** Looks a recipient up: plus-addresses, aliases and postmaster included. */
  CompletionStage<Recipient> find(MailAddress recipient);

  /** Whether mail for other domains is taken. */
  boolean isRelaying();

  /**
   * Places a message at once for every recipient, durably: in the mailboxes of those who are here,
   * in the queue of their domain for others; fails if one could not be placed. A repeated call with
   * the same content id does not deliver again where it did before.
   *
   * @param message begins with a Return-Path field (RFC 5321 4.4), which does not go to other
   *     servers; one without it is taken as it is
   */
  CompletionStage<Void> deliver(Envelope envelope, SpooledMessage message);
}
