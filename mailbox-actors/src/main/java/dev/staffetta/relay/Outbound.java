package dev.staffetta.relay;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.MailAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A message's envelope for one destination.
 *
 * @param destination the recipients' domain, lower-case; an address literal with its brackets
 * @param reversePath empty: the null sender
 * @param recipients at least one, each once
 * @param accepted when we took the message over
 */
public record Outbound(
    String destination,
    Optional<MailAddress> reversePath,
    List<MailAddress> recipients,
    EnvelopeOptions options,
    Instant accepted) {
  public Outbound {
    recipients = List.copyOf(recipients);
  }

  /** The id of a content on its way to other servers, by the id that its sender was told. */
  public static ContentId contentOf(ContentId accepted) {
    return accepted.derived("relay");
  }
}
