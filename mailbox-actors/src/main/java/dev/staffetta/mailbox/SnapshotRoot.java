package dev.staffetta.mailbox;

import dev.staffetta.journal.SegmentedSnapshot;
import dev.staffetta.ports.MessageSegment;
import dev.staffetta.ports.MessageTable;
import java.util.List;

/**
 * A mailbox's snapshot but for its messages, which are written in segments.
 *
 * @param state without messages
 */
record SnapshotRoot(MailboxState state) implements SegmentedSnapshot.Root {
  @Override
  public MailboxState withSegments(List<Object> segments) {
    return state.withMessages(
        MessageTable.ofSegments(segments.stream().map(MessageSegment.class::cast).toList()),
        state.highestModseq());
  }
}
