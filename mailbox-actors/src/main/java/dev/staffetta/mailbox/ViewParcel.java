package dev.staffetta.mailbox;

import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.MessageSegment;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.sharding.Parcel;
import java.util.ArrayList;
import java.util.List;

/** A view of a mailbox, some segments of its messages a part. */
record ViewParcel(MailboxView value) implements Parcel<MailboxView> {
  /** A full segment takes some 25 to 40 KB. */
  static final int SEGMENTS_IN_A_PART = 5;

  @Override
  public Label<MailboxView> label() {
    return new ViewLabel(headOf(value));
  }

  @Override
  public int parts() {
    return partsOf(value.messages());
  }

  @Override
  public EntityMessage part(int number) {
    return partOf(value.messages(), number);
  }

  static int partsOf(MessageTable table) {
    return (table.segments().size() + SEGMENTS_IN_A_PART - 1) / SEGMENTS_IN_A_PART;
  }

  static ViewPart partOf(MessageTable table, int number) {
    List<MessageSegment> segments = table.segments();
    int first = number * SEGMENTS_IN_A_PART;
    return new ViewPart(
        segments.subList(first, Math.min(first + SEGMENTS_IN_A_PART, segments.size())));
  }

  static MailboxView headOf(MailboxView view) {
    return with(view, MessageTable.EMPTY);
  }

  static MailboxView with(MailboxView head, MessageTable messages) {
    return new MailboxView(
        head.id(),
        head.uidValidity(),
        head.uidNext(),
        head.highestModseq(),
        head.keywords(),
        messages);
  }

  static MailboxView open(MailboxView head, List<EntityMessage> parts) {
    List<MessageSegment> segments = new ArrayList<>();
    parts.forEach(part -> segments.addAll(((ViewPart) part).segments()));
    return with(head, MessageTable.ofSegments(segments));
  }

  /**
   * A view.
   *
   * @param head without messages
   */
  record ViewLabel(MailboxView head) implements Label<MailboxView> {
    @Override
    public MailboxView open(List<EntityMessage> parts) {
      return ViewParcel.open(head, parts);
    }
  }

  /** Some of the messages. */
  record ViewPart(List<MessageSegment> segments) implements EntityMessage {
    ViewPart {
      segments = List.copyOf(segments);
    }
  }
}
