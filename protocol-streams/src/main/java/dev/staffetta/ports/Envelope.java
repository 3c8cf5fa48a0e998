package dev.staffetta.ports;

import java.util.List;
import java.util.Optional;

/**
 * Whence and whither of a message (RFC 5321 2.3.1).
 *
 * @param reversePath empty: the null sender {@code <>}
 * @param recipients at least one, each once
 */
public record Envelope(Optional<MailAddress> reversePath, List<MailAddress> recipients) {
  public Envelope {
    recipients = List.copyOf(recipients);
  }
}
