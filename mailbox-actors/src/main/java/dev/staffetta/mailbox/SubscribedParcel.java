package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxCommand.Standing;
import dev.staffetta.mailbox.MailboxCommand.Subscribed;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.MessageSegment;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.sharding.Parcel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** The answer to a subscription: as a view, or as what was missed. */
record SubscribedParcel(Subscribed value) implements Parcel<Subscribed> {
  /** A range takes some 2 to 6 bytes. */
  private static final int RANGES_IN_A_PART = 30_000;

  @Override
  public Label<Subscribed> label() {
    if (value.standing() instanceof Standing.Whole whole) {
      return new WholeLabel(ViewParcel.headOf(whole.view()), value.recentFrom(), value.mailbox());
    }
    Standing.Missed missed = missed();
    MailboxEvent.Missed event = missed.event();
    return new MissedLabel(
        new MailboxEvent.Missed(
            event.sinceModseq(),
            event.sinceUidNext(),
            event.modseq(),
            event.uidNext(),
            event.keywords(),
            MessageTable.EMPTY,
            event.left().map(left -> UidSet.EMPTY)),
        missed.count(),
        value.recentFrom(),
        value.mailbox());
  }

  @Override
  public int parts() {
    return value.standing() instanceof Standing.Whole whole
        ? ViewParcel.partsOf(whole.view().messages())
        : partsOfChanged() + (leftRanges().size() + RANGES_IN_A_PART - 1) / RANGES_IN_A_PART;
  }

  /** What changed comes first, then what is left. */
  @Override
  public EntityMessage part(int number) {
    if (value.standing() instanceof Standing.Whole whole) {
      return ViewParcel.partOf(whole.view().messages(), number);
    }
    if (number < partsOfChanged()) {
      return new MissedPart(
          ViewParcel.partOf(missed().event().changed(), number).segments(), UidSet.EMPTY);
    }
    List<UidSet.Range> ranges = leftRanges();
    int first = (number - partsOfChanged()) * RANGES_IN_A_PART;
    return new MissedPart(
        List.of(),
        new UidSet(ranges.subList(first, Math.min(first + RANGES_IN_A_PART, ranges.size()))));
  }

  private Standing.Missed missed() {
    return (Standing.Missed) value.standing();
  }

  private int partsOfChanged() {
    return ViewParcel.partsOf(missed().event().changed());
  }

  private List<UidSet.Range> leftRanges() {
    return missed().event().left().map(UidSet::ranges).orElse(List.of());
  }

  /** All of the mailbox. */
  record WholeLabel(MailboxView head, long recentFrom, ActorRef<MailboxCommand> mailbox)
      implements Label<Subscribed> {
    @Override
    public Subscribed open(List<EntityMessage> parts) {
      return new Subscribed(new Standing.Whole(ViewParcel.open(head, parts)), recentFrom, mailbox);
    }
  }

  /**
   * What was missed.
   *
   * @param head without messages; what is left is empty, if it is told at all
   */
  record MissedLabel(
      MailboxEvent.Missed head, int count, long recentFrom, ActorRef<MailboxCommand> mailbox)
      implements Label<Subscribed> {
    @Override
    public Subscribed open(List<EntityMessage> parts) {
      List<MessageSegment> changed = new ArrayList<>();
      List<UidSet.Range> left = new ArrayList<>();
      for (EntityMessage part : parts) {
        changed.addAll(((MissedPart) part).changed());
        left.addAll(((MissedPart) part).left().ranges());
      }
      MailboxEvent.Missed event =
          new MailboxEvent.Missed(
              head.sinceModseq(),
              head.sinceUidNext(),
              head.modseq(),
              head.uidNext(),
              head.keywords(),
              MessageTable.ofSegments(changed),
              head.left().isPresent() ? Optional.of(new UidSet(left)) : Optional.empty());
      return new Subscribed(new Standing.Missed(event, count), recentFrom, mailbox);
    }
  }

  /** Some of what changed, and some of what is left. */
  record MissedPart(List<MessageSegment> changed, UidSet left) implements EntityMessage {
    MissedPart {
      changed = List.copyOf(changed);
    }
  }
}
