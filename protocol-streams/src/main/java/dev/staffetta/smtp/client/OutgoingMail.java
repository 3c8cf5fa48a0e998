package dev.staffetta.smtp.client;

import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.MailAddress;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A message to send, and to whom.
 *
 * @param reversePath empty: the null sender
 * @param recipients at least one
 * @param options of the envelope, recipients' ones included
 * @param size in octets
 * @param summary its structure, for what has to be re-encoded
 * @param bytes with CRLF line ends, not dot-stuffed; may be read more than once
 */
public record OutgoingMail(
    Optional<MailAddress> reversePath,
    List<MailAddress> recipients,
    EnvelopeOptions options,
    long size,
    MessageSummary summary,
    Source<ByteString, NotUsed> bytes) {
  public OutgoingMail {
    recipients = List.copyOf(recipients);
  }
}
