package dev.staffetta.ports;

import java.util.List;
import java.util.Optional;

/**
 * Whence and whither of a message (RFC 5321 2.3.1), and what its sender asked for.
 *
 * @param reversePath empty: the null sender {@code <>}
 * @param recipients at least one, each once
 */
public record Envelope(
    Optional<MailAddress> reversePath, List<MailAddress> recipients, EnvelopeOptions options) {
  public Envelope {
    recipients = List.copyOf(recipients);
  }

  /** Of a sender who asked for nothing. */
  public Envelope(Optional<MailAddress> reversePath, List<MailAddress> recipients) {
    this(reversePath, recipients, EnvelopeOptions.NONE);
  }
}
