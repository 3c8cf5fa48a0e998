package dev.staffetta.mime;

import java.util.List;
import java.util.Optional;

/**
 * The header fields of a message that IMAP calls its envelope (RFC 9051 7.5.2, ENVELOPE).
 *
 * <p>Texts are unfolded, otherwise octets as sent. A field that is missing is empty; one that is
 * there without a text is an empty text.
 *
 * @param from as the field has it; likewise all lists: addresses and the marks of groups, in order
 * @param sender empty when missing; {@link #effectiveSender} is what IMAP shows
 * @param replyTo empty when missing; {@link #effectiveReplyTo} is what IMAP shows
 */
public record MessageEnvelope(
    Optional<String> date,
    Optional<String> subject,
    List<Address> from,
    List<Address> sender,
    List<Address> replyTo,
    List<Address> to,
    List<Address> cc,
    List<Address> bcc,
    Optional<String> inReplyTo,
    Optional<String> messageId) {
  public MessageEnvelope {
    from = List.copyOf(from);
    sender = List.copyOf(sender);
    replyTo = List.copyOf(replyTo);
    to = List.copyOf(to);
    cc = List.copyOf(cc);
    bcc = List.copyOf(bcc);
  }

  /** The sender, which is the author when there is no other (RFC 9051 7.5.2). */
  public List<Address> effectiveSender() {
    return sender.isEmpty() ? from : sender;
  }

  /** Whom to reply to, which is the author when nobody else is named (RFC 9051 7.5.2). */
  public List<Address> effectiveReplyTo() {
    return replyTo.isEmpty() ? from : replyTo;
  }
}
