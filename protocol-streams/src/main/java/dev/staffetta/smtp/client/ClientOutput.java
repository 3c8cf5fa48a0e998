package dev.staffetta.smtp.client;

/** What the session of a client says. */
sealed interface ClientOutput {
  /**
   * One or more commands, or the answer to a challenge, each with its CRLF.
   *
   * @param text of characters that are sent as UTF-8
   */
  record Say(String text) implements ClientOutput {
    /** Without what may be a password. */
    @Override
    public String toString() {
      return text.startsWith("AUTH ") ? "Say[AUTH]" : "Say[" + text + "]";
    }
  }

  /** The message as DATA wants it, its last line, a dot, included. */
  record Dotted(OutgoingMail mail) implements ClientOutput {}

  /** The message's octets as they are: after BDAT. */
  record Counted(OutgoingMail mail) implements ClientOutput {}

  /** From here on TLS. */
  record StartTls() implements ClientOutput {}

  /** No more. */
  record Close() implements ClientOutput {}
}
