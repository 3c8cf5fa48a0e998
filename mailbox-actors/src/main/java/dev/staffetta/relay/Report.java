package dev.staffetta.relay;

import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.smtp.client.RemoteReply;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * What became of a message for some of its recipients.
 *
 * @param mail of its envelope: reverse path and what was asked for are read from it
 * @param recipients at least one
 * @param content of the message
 * @param summary of the message; empty: it is lost
 * @param bytes of the message; may be read more than once
 * @param arrival of the message here
 * @param willRetryUntil with a delay: when it is given up
 */
public record Report(
    Kind kind,
    Outbound mail,
    List<ReportedRecipient> recipients,
    ContentId content,
    Optional<MessageSummary> summary,
    Source<ByteString, NotUsed> bytes,
    Instant arrival,
    Optional<Instant> willRetryUntil) {
  public Report {
    recipients = List.copyOf(recipients);
  }

  /** What is told. */
  public enum Kind {
    FAILURE,
    DELAY,
    SUCCESS
  }

  /**
   * One recipient of it.
   *
   * @param reply what decided it
   * @param remoteHost that said so; empty: it was decided here
   * @param isRelayed with success: it went to a host that does not report (RFC 3461 6.1)
   */
  public record ReportedRecipient(
      MailAddress recipient,
      RemoteReply reply,
      Optional<String> remoteHost,
      Instant lastAttempt,
      boolean isRelayed) {}
}
