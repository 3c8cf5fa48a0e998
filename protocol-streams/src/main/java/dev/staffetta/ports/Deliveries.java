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

  /**
   * Places a message at once for every recipient, durably; fails if one could not be placed. A
   * repeated call with the same content id does not deliver again where it did before.
   */
  CompletionStage<Void> deliver(Envelope envelope, SpooledMessage message);
}
