package dev.staffetta.smtp.sink;

import java.util.List;

/**
 * A message that the sink took, or would have.
 *
 * @param from MAIL's argument, parameters included: {@code <a@b> SIZE=9}
 * @param recipients the addresses of those that it accepted
 * @param recipientLines RCPT's arguments of those, parameters included
 * @param bytes of the message, as ISO 8859-1, dots removed
 * @param tls protocol of TLS; empty: plain text
 * @param isAcknowledged whether the client was told 250 (by LMTP, for any recipient)
 * @param connection the how-manieth connection to the sink, from 1
 */
public record ReceivedMail(
    String from,
    List<String> recipients,
    List<String> recipientLines,
    String bytes,
    String tls,
    boolean isAcknowledged,
    int connection) {
  public ReceivedMail {
    recipients = List.copyOf(recipients);
    recipientLines = List.copyOf(recipientLines);
  }
}
