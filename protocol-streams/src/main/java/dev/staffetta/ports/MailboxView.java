package dev.staffetta.ports;

import java.util.List;

/**
 * All that a session needs to know of a mailbox at one moment.
 *
 * @param uidValidity RFC 9051 2.3.1.1
 * @param uidNext larger than every UID given so far
 * @param highestModseq RFC 7162 3.1.2.1; rises with every change, an expunge included
 * @param keywords names, the index is the bit (see {@link Flags#keyword}); only ever grows
 * @param messages ascending by UID
 */
public record MailboxView(
    MailboxId id,
    long uidValidity,
    long uidNext,
    long highestModseq,
    List<String> keywords,
    MessageTable messages) {
  public MailboxView {
    keywords = List.copyOf(keywords);
  }
}
