package dev.staffetta.smtp.client;

import dev.staffetta.ports.MailAddress;

/**
 * What became of a message for one recipient at one hop.
 *
 * @param reply what decided it
 * @param isReportedOn whether the hop offers DSN, and so reports on it (RFC 3461 5.2.1); else a
 *     report of success is ours to write: relayed
 */
public record RecipientOutcome(
    MailAddress recipient, Result result, RemoteReply reply, Scope scope, boolean isReportedOn) {
  /** What to do now. */
  public enum Result {
    /** The hop is responsible. */
    DELIVERED,
    TEMPORARY,
    PERMANENT
  }

  /** What the answer is about. */
  public enum Scope {
    /** This recipient. */
    RECIPIENT,
    /** This message, whoever gets it. */
    MESSAGE,
    /** The connection: the next message would fare no better (421, lost, out of time). */
    CONNECTION
  }
}
