package dev.staffetta.smtp;

import dev.staffetta.wire.Outgoing;

/** What the session hands to its connection, in order. */
sealed interface SmtpOutput
    permits SmtpReply, SmtpOutput.Receive, SmtpOutput.StartTls, SmtpOutput.Close {

  /** As the connection understands it. */
  Outgoing outgoing();

  /** The next octets are a message's. */
  record Receive(SmtpMode mode) implements SmtpOutput {
    @Override
    public Outgoing outgoing() {
      return new Outgoing.SetMode(mode);
    }
  }

  /** TLS from here on (RFC 3207). */
  record StartTls() implements SmtpOutput {
    @Override
    public Outgoing outgoing() {
      return new Outgoing.StartTls();
    }
  }

  /** The session is over. */
  record Close() implements SmtpOutput {
    @Override
    public Outgoing outgoing() {
      return new Outgoing.Close();
    }
  }
}
