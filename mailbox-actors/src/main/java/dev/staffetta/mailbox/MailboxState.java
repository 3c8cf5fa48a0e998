package dev.staffetta.mailbox;

import dev.staffetta.journal.SegmentedSnapshot;
import dev.staffetta.mailbox.MailboxCommand.Stored;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageSegment;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Operations;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a mailbox knows. Immutable; only {@link MailboxChange}s make a new one, and two
 * mailboxes that went through the same changes are the same.
 *
 * @param uidValidity RFC 9051 2.3.1.1; 0 before the first change
 * @param uidNext larger than every UID given so far
 * @param highestModseq rises by one with each change a client can see
 * @param recentFrom messages from this UID on no session has been told of (RFC 3501 2.3.2)
 * @param keywords the index is the bit; only ever grows
 * @param placed what was appended last
 * @param transfers copies and moves of late
 * @param moves under way from here
 * @param stores conditional ones of late
 */
record MailboxState(
    MailboxId id,
    Stage stage,
    long uidValidity,
    long uidNext,
    long highestModseq,
    long recentFrom,
    List<String> keywords,
    MessageTable messages,
    RecentIds placed,
    Operations<Transfer> transfers,
    Map<ContentId, Move> moves,
    Operations<Stored> stores)
    implements SegmentedSnapshot {
  /** A client may have many copies and moves under way, each of which may be asked for again. */
  static final Operations<Transfer> NO_TRANSFERS = Operations.none(1024);

  static final Operations<Stored> NO_STORES = Operations.none(Operations.FEW);

  /** Whether the mailbox is there. */
  enum Stage {
    /** Nothing was ever written. Whether it is an empty mailbox or none, its account knows. */
    ABSENT,
    OPEN,
    /** Gone; messages still in it are on their way out. */
    DELETED
  }

  /**
   * A move whose messages are being copied to the target.
   *
   * @param target number of the mailbox they go to
   */
  record Move(UidSet uids, long target) {}

  MailboxState {
    keywords = List.copyOf(keywords);
    moves = Collections.unmodifiableMap(moves);
  }

  /** Before the first change. */
  static MailboxState absent(MailboxId id) {
    return new MailboxState(
        id,
        Stage.ABSENT,
        0,
        1,
        0,
        1,
        List.of(),
        MessageTable.EMPTY,
        RecentIds.NONE,
        NO_TRANSFERS,
        Map.of(),
        NO_STORES);
  }

  @Override
  public SnapshotRoot root() {
    return new SnapshotRoot(withMessages(MessageTable.EMPTY, highestModseq));
  }

  @Override
  public List<MessageSegment> segments() {
    return messages.segments();
  }

  /** As a session sees it. */
  MailboxView view() {
    return new MailboxView(id, uidValidity, uidNext, highestModseq, keywords, messages);
  }

  /** Whether any of these messages is on its way to another mailbox. */
  boolean isMoving(UidSet uids) {
    return moves.values().stream().anyMatch(move -> intersects(move.uids(), uids));
  }

  private static boolean intersects(UidSet a, UidSet b) {
    int i = 0;
    int j = 0;
    while (i < a.ranges().size() && j < b.ranges().size()) {
      UidSet.Range left = a.ranges().get(i);
      UidSet.Range right = b.ranges().get(j);
      if (left.last() < right.first()) {
        i++;
      } else if (right.last() < left.first()) {
        j++;
      } else {
        return true;
      }
    }
    return false;
  }

  MailboxState created(long newUidValidity) {
    return new MailboxState(
        id,
        Stage.OPEN,
        newUidValidity,
        1,
        highestModseq + 1,
        1,
        List.of(),
        MessageTable.EMPTY,
        RecentIds.NONE,
        NO_TRANSFERS,
        Map.of(),
        NO_STORES);
  }

  MailboxState deleted() {
    return with(Stage.DELETED, highestModseq + 1, messages, moves);
  }

  MailboxState withKeywords(List<String> more) {
    List<String> all = new ArrayList<>(keywords);
    all.addAll(more);
    return new MailboxState(
        id,
        stage,
        uidValidity,
        uidNext,
        highestModseq,
        recentFrom,
        all,
        messages,
        placed,
        transfers,
        moves,
        stores);
  }

  /** With messages behind all others, whose UIDs start at UIDNEXT. */
  MailboxState appended(List<Message> added, long modseq) {
    long next = added.isEmpty() ? uidNext : added.get(added.size() - 1).uid() + 1;
    return new MailboxState(
        id,
        stage,
        uidValidity,
        next,
        modseq,
        recentFrom,
        keywords,
        messages.append(added),
        placed,
        transfers,
        moves,
        stores);
  }

  MailboxState withMessages(MessageTable newMessages, long modseq) {
    return with(stage, modseq, newMessages, moves);
  }

  MailboxState withRecentFrom(long uid) {
    return new MailboxState(
        id,
        stage,
        uidValidity,
        uidNext,
        highestModseq,
        uid,
        keywords,
        messages,
        placed,
        transfers,
        moves,
        stores);
  }

  MailboxState remembering(RecentIds newPlaced, Operations<Transfer> newTransfers) {
    return new MailboxState(
        id,
        stage,
        uidValidity,
        uidNext,
        highestModseq,
        recentFrom,
        keywords,
        messages,
        newPlaced,
        newTransfers,
        moves,
        stores);
  }

  MailboxState withMove(ContentId operation, Move move) {
    Map<ContentId, Move> result = new LinkedHashMap<>(moves);
    result.put(operation, move);
    return with(stage, highestModseq, messages, result);
  }

  MailboxState withoutMove(ContentId operation) {
    Map<ContentId, Move> result = new LinkedHashMap<>(moves);
    result.remove(operation);
    return with(stage, highestModseq, messages, result);
  }

  private MailboxState with(
      Stage newStage, long modseq, MessageTable newMessages, Map<ContentId, Move> newMoves) {
    return new MailboxState(
        id,
        newStage,
        uidValidity,
        uidNext,
        modseq,
        recentFrom,
        keywords,
        newMessages,
        placed,
        transfers,
        newMoves,
        stores);
  }

  MailboxState remembering(ContentId operation, Stored answer) {
    return new MailboxState(
        id,
        stage,
        uidValidity,
        uidNext,
        highestModseq,
        recentFrom,
        keywords,
        messages,
        placed,
        transfers,
        moves,
        stores.plus(operation, answer));
  }
}
