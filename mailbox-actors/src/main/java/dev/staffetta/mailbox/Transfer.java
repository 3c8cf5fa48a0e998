package dev.staffetta.mailbox;

import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.EntityMessage;
import java.util.stream.LongStream;

/**
 * What a copy or move did, as a mailbox remembers it. The new UIDs follow one another.
 *
 * @param source UIDs taken
 * @param targetUidValidity of the mailbox that got them
 * @param targetFirstUid the new UID of the first of {@code source}; nothing was taken: its UIDNEXT
 * @param sourceModseq at which the source stands
 * @param targetModseq at which the target stands
 */
public record Transfer(
    UidSet source,
    long targetUidValidity,
    long targetFirstUid,
    long sourceModseq,
    long targetModseq)
    implements EntityMessage {
  /** Nothing was taken. */
  static Transfer none(MailboxState source) {
    return new Transfer(UidSet.EMPTY, 0, 0, source.highestModseq(), 0);
  }

  /** The new UIDs, in the order of {@code source}. */
  LongStream target() {
    return LongStream.range(targetFirstUid, targetFirstUid + source.size());
  }
}
