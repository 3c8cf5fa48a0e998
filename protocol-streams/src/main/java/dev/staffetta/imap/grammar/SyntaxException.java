package dev.staffetta.imap.grammar;

/** What was read is not IMAP; the message says what would be. Carries no stack trace. */
final class SyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  SyntaxException(String message) {
    super(message, null, false, false);
  }
}
