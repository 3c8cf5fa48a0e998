package dev.staffetta.smtp;

/** What a listener is there for. */
public enum SmtpRole {
  /** Takes mail for local domains from anyone (RFC 5321). */
  RECEIVE,
  /** Takes mail from the owners of accounts (RFC 6409). */
  SUBMISSION
}
