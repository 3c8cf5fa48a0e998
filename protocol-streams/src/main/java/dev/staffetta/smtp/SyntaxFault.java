package dev.staffetta.smtp;

/** Ends the parsing of a command line with the reply that says why. Carries no stack trace. */
final class SyntaxFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient SmtpReply reply;

  SyntaxFault(int code, String status, String text) {
    super(text, null, false, false);
    this.reply = SmtpReply.of(code, status, text);
  }

  SmtpReply reply() {
    return reply;
  }
}
