package dev.staffetta.ports;

import java.time.Instant;

/**
 * One message of a mailbox, as small as it can be said: a row of a {@link MessageTable}.
 *
 * @param uid 1 to 2^32-1, ascending in the mailbox, never used again (RFC 9051 2.3.1.1)
 * @param flags bits: {@link Flags}
 * @param modseq the mailbox's modification sequence when the row last changed (RFC 7162 3.1)
 * @param size of the content, in bytes
 * @param internalDate when it was received, to the second (RFC 9051 2.3.3)
 * @param content the bytes
 */
public record Message(
    long uid, long flags, long modseq, long size, Instant internalDate, ContentId content) {
  /** This row with other flags, changed at {@code newModseq}. */
  public Message withFlags(long newFlags, long newModseq) {
    return new Message(uid, newFlags, newModseq, size, internalDate, content);
  }
}
