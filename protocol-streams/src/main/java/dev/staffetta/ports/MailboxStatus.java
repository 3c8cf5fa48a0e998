package dev.staffetta.ports;

/**
 * A mailbox in numbers (RFC 9051 6.3.11, STATUS).
 *
 * @param uidNext larger than every UID given so far
 * @param highestModseq RFC 7162 3.1.2.1
 * @param messages how many
 * @param unseen of them without \\Seen
 * @param recent of them \\Recent to who would open the mailbox now (RFC 3501 2.3.2)
 * @param sizeInBytes of all messages together
 */
public record MailboxStatus(
    long uidValidity,
    long uidNext,
    long highestModseq,
    int messages,
    int unseen,
    int recent,
    long sizeInBytes) {
  /** The numbers of a view. */
  public static MailboxStatus of(MailboxView view, long recentFrom) {
    MessageTable messages = view.messages();
    return new MailboxStatus(
        view.uidValidity(),
        view.uidNext(),
        view.highestModseq(),
        messages.size(),
        messages.countWithout(Flags.SEEN),
        messages.size() - messages.countBelow(recentFrom),
        messages.totalSize());
  }
}
