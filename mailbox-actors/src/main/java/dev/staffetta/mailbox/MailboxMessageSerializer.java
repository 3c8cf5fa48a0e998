package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxCommand.Append;
import dev.staffetta.mailbox.MailboxCommand.Copy;
import dev.staffetta.mailbox.MailboxCommand.Delete;
import dev.staffetta.mailbox.MailboxCommand.Expunge;
import dev.staffetta.mailbox.MailboxCommand.Expunged;
import dev.staffetta.mailbox.MailboxCommand.GetModseq;
import dev.staffetta.mailbox.MailboxCommand.GetStatus;
import dev.staffetta.mailbox.MailboxCommand.GetView;
import dev.staffetta.mailbox.MailboxCommand.Move;
import dev.staffetta.mailbox.MailboxCommand.Receive;
import dev.staffetta.mailbox.MailboxCommand.StoreFlags;
import dev.staffetta.mailbox.MailboxCommand.Stored;
import dev.staffetta.mailbox.MailboxCommand.Subscribe;
import dev.staffetta.mailbox.MailboxCommand.Unsubscribe;
import dev.staffetta.mailbox.SubscribedParcel.MissedLabel;
import dev.staffetta.mailbox.SubscribedParcel.MissedPart;
import dev.staffetta.mailbox.SubscribedParcel.WholeLabel;
import dev.staffetta.mailbox.ViewParcel.ViewLabel;
import dev.staffetta.mailbox.ViewParcel.ViewPart;
import dev.staffetta.mailbox.proto.MailboxMessagesProto;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxStatus;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.MessageSerializer;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;

/** Writes what mailboxes are asked, answer and tell, as {@code mailbox_messages.proto} says. */
public final class MailboxMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 9011;

  /** Made by Pekko. */
  public MailboxMessageSerializer(ExtendedActorSystem system) {
    super(IDENTIFIER, system);
    changes();
    questions();
    answers();
    parcels();
    notices();
  }

  private void changes() {
    form(
        "append.1", Append.class, this::append, MailboxMessagesProto.Append.parser(), this::append);
    form(
        "receive.1",
        Receive.class,
        command ->
            MailboxMessagesProto.Receive.newBuilder()
                .setOperation(MailboxEncoding.id(command.operation()))
                .setSourceModseq(command.sourceModseq())
                .addAllKeywords(command.keywords())
                .setMessages(SnapshotEncoding.rows(command.messages()))
                .setReplyTo(actor(command.replyTo()))
                .build(),
        MailboxMessagesProto.Receive.parser(),
        command ->
            new Receive(
                MailboxEncoding.id(command.getOperation()),
                command.getSourceModseq(),
                command.getKeywordsList(),
                SnapshotEncoding.rows(command.getMessages()),
                actor(command.getReplyTo())));
    form(
        "store-flags.1",
        StoreFlags.class,
        this::storeFlags,
        MailboxMessagesProto.StoreFlags.parser(),
        this::storeFlags);
    form(
        "expunge.1",
        Expunge.class,
        command -> {
          MailboxMessagesProto.Expunge.Builder expunge =
              MailboxMessagesProto.Expunge.newBuilder().setReplyTo(actor(command.replyTo()));
          MailboxMessageEncoding.which(expunge, command.which());
          return expunge.build();
        },
        MailboxMessagesProto.Expunge.parser(),
        command -> new Expunge(MailboxMessageEncoding.which(command), actor(command.getReplyTo())));
    form(
        "move.1",
        Move.class,
        command ->
            MailboxMessagesProto.Move.newBuilder()
                .setOperation(MailboxEncoding.id(command.operation()))
                .setUids(MailboxEncoding.uids(command.uids()))
                .setTarget(command.target())
                .setReplyTo(actor(command.replyTo()))
                .build(),
        MailboxMessagesProto.Move.parser(),
        command ->
            new Move(
                MailboxEncoding.id(command.getOperation()),
                MailboxEncoding.uids(command.getUids()),
                command.getTarget(),
                actor(command.getReplyTo())));
    form(
        "delete.1",
        Delete.class,
        command ->
            MailboxMessagesProto.Delete.newBuilder()
                .setUidValidity(command.uidValidity())
                .setReplyTo(actor(command.replyTo()))
                .build(),
        MailboxMessagesProto.Delete.parser(),
        command -> new Delete(command.getUidValidity(), actor(command.getReplyTo())));
  }

  private void questions() {
    form(
        "copy.1",
        Copy.class,
        command ->
            MailboxMessagesProto.Copy.newBuilder()
                .setOperation(MailboxEncoding.id(command.operation()))
                .setUids(MailboxEncoding.uids(command.uids()))
                .setTarget(command.target())
                .setReplyTo(actor(command.replyTo()))
                .build(),
        MailboxMessagesProto.Copy.parser(),
        command ->
            new Copy(
                MailboxEncoding.id(command.getOperation()),
                MailboxEncoding.uids(command.getUids()),
                command.getTarget(),
                actor(command.getReplyTo())));
    question("get-view.1", GetView.class, GetView::replyTo, GetView::new);
    question("get-modseq.1", GetModseq.class, GetModseq::replyTo, GetModseq::new);
    question("get-status.1", GetStatus.class, GetStatus::replyTo, GetStatus::new);
    form(
        "subscribe.1",
        Subscribe.class,
        command -> {
          MailboxMessagesProto.Subscribe.Builder subscribe =
              MailboxMessagesProto.Subscribe.newBuilder()
                  .setAccess(MailboxMessagesProto.Access.valueOf(command.access().name()))
                  .setSubscriber(actor(command.subscriber()))
                  .setReplyTo(actor(command.replyTo()));
          command.known().map(MailboxMessageEncoding::known).ifPresent(subscribe::setKnown);
          return subscribe.build();
        },
        MailboxMessagesProto.Subscribe.parser(),
        command ->
            new Subscribe(
                Mailboxes.Access.valueOf(command.getAccess().name()),
                command.hasKnown()
                    ? Optional.of(MailboxMessageEncoding.known(command.getKnown()))
                    : Optional.empty(),
                actor(command.getSubscriber()),
                actor(command.getReplyTo())));
    form(
        "unsubscribe.1",
        Unsubscribe.class,
        command ->
            MailboxMessagesProto.Unsubscribe.newBuilder()
                .setSubscriber(actor(command.subscriber()))
                .build(),
        MailboxMessagesProto.Unsubscribe.parser(),
        command -> new Unsubscribe(actor(command.getSubscriber())));
  }

  private <Q, R> void question(
      String manifest,
      Class<Q> type,
      Function<Q, ActorRef<R>> replyTo,
      Function<ActorRef<R>, Q> of) {
    form(
        manifest,
        type,
        question ->
            MailboxMessagesProto.Question.newBuilder()
                .setReplyTo(actor(replyTo.apply(question)))
                .build(),
        MailboxMessagesProto.Question.parser(),
        question -> of.apply(actor(question.getReplyTo())));
  }

  private void answers() {
    form(
        "stored.1",
        Stored.class,
        stored -> {
          MailboxMessagesProto.Stored.Builder result =
              MailboxMessagesProto.Stored.newBuilder()
                  .setModseq(stored.modseq())
                  .setModified(MailboxEncoding.uids(stored.modified()));
          stored.next().ifPresent(result::setNext);
          return result.build();
        },
        MailboxMessagesProto.Stored.parser(),
        stored ->
            new Stored(
                stored.getModseq(),
                MailboxEncoding.uids(stored.getModified()),
                stored.hasNext() ? OptionalLong.of(stored.getNext()) : OptionalLong.empty()));
    form(
        "expunged.1",
        Expunged.class,
        expunged ->
            MailboxMessagesProto.ExpungedMessages.newBuilder()
                .setModseq(expunged.modseq())
                .setUids(MailboxEncoding.uids(expunged.uids()))
                .setIsWhole(expunged.isWhole())
                .build(),
        MailboxMessagesProto.ExpungedMessages.parser(),
        expunged ->
            new Expunged(
                expunged.getModseq(),
                MailboxEncoding.uids(expunged.getUids()),
                expunged.getIsWhole()));
    form(
        "transfer.1",
        Transfer.class,
        MailboxMessageEncoding::transfer,
        MailboxMessagesProto.Transfer.parser(),
        MailboxMessageEncoding::transfer);
    form(
        "appended.1",
        Mailboxes.Appended.class,
        appended ->
            MailboxMessagesProto.AppendedMessage.newBuilder()
                .setUidValidity(appended.uidValidity())
                .setUid(appended.uid())
                .setModseq(appended.modseq())
                .build(),
        MailboxMessagesProto.AppendedMessage.parser(),
        appended ->
            new Mailboxes.Appended(
                appended.getUidValidity(), appended.getUid(), appended.getModseq()));
    form(
        "status.1",
        MailboxStatus.class,
        MailboxMessageEncoding::status,
        MailboxMessagesProto.Status.parser(),
        MailboxMessageEncoding::status);
  }

  private void parcels() {
    form(
        "view-label.1",
        ViewLabel.class,
        label -> MailboxMessageEncoding.head(label.head()),
        MailboxMessagesProto.ViewHead.parser(),
        head -> new ViewLabel(MailboxMessageEncoding.head(head)));
    form(
        "view-part.1",
        ViewPart.class,
        MailboxMessageEncoding::viewPart,
        MailboxMessagesProto.ViewPart.parser(),
        MailboxMessageEncoding::viewPart);
    form(
        "whole-label.1",
        WholeLabel.class,
        label ->
            MailboxMessagesProto.WholeLabel.newBuilder()
                .setView(MailboxMessageEncoding.head(label.head()))
                .setRecentFrom(label.recentFrom())
                .setMailbox(actor(label.mailbox()))
                .build(),
        MailboxMessagesProto.WholeLabel.parser(),
        label ->
            new WholeLabel(
                MailboxMessageEncoding.head(label.getView()),
                label.getRecentFrom(),
                actor(label.getMailbox())));
    form(
        "missed-label.1",
        MissedLabel.class,
        this::missedLabel,
        MailboxMessagesProto.MissedLabel.parser(),
        this::missedLabel);
    form(
        "missed-part.1",
        MissedPart.class,
        MailboxMessageEncoding::missedPart,
        MailboxMessagesProto.MissedPart.parser(),
        MailboxMessageEncoding::missedPart);
  }

  private void notices() {
    form(
        "changed.1",
        Notice.Told.class,
        MailboxMessageEncoding::changed,
        MailboxMessagesProto.Changed.parser(),
        MailboxMessageEncoding::changed);
    form(
        "gone.1",
        Notice.Gone.class,
        gone -> MailboxMessagesProto.Gone.getDefaultInstance(),
        MailboxMessagesProto.Gone.parser(),
        gone -> new Notice.Gone());
    form(
        "stands.1",
        Notice.Stands.class,
        stands ->
            MailboxMessagesProto.Stands.newBuilder()
                .setUidValidity(stands.uidValidity())
                .setModseq(stands.modseq())
                .build(),
        MailboxMessagesProto.Stands.parser(),
        stands -> new Notice.Stands(stands.getUidValidity(), stands.getModseq()));
  }

  private MailboxMessagesProto.Append append(Append command) {
    MailboxMessagesProto.Append.Builder append =
        MailboxMessagesProto.Append.newBuilder()
            .setContent(MailboxEncoding.id(command.content()))
            .setSize(command.size())
            .addAllFlags(command.flags())
            .setInternalDateSeconds(command.internalDate().getEpochSecond())
            .setReplyTo(actor(command.replyTo()));
    command.small().ifPresent(content -> MailboxMessageEncoding.small(append, content));
    return append.build();
  }

  private Append append(MailboxMessagesProto.Append command) {
    ContentId content = MailboxEncoding.id(command.getContent());
    return new Append(
        content,
        command.getSize(),
        MailboxMessageEncoding.small(command, content),
        new LinkedHashSet<>(command.getFlagsList()),
        Instant.ofEpochSecond(command.getInternalDateSeconds()),
        actor(command.getReplyTo()));
  }

  private MailboxMessagesProto.StoreFlags storeFlags(StoreFlags command) {
    MailboxMessagesProto.StoreFlags.Builder store =
        MailboxMessagesProto.StoreFlags.newBuilder()
            .setOperation(MailboxEncoding.id(command.operation()))
            .setUids(MailboxEncoding.uids(command.uids()))
            .setMode(MailboxMessagesProto.StoreMode.valueOf(command.mode().name()))
            .addAllFlags(command.flags())
            .setReplyTo(actor(command.replyTo()));
    command.unchangedSince().ifPresent(store::setUnchangedSince);
    return store.build();
  }

  private StoreFlags storeFlags(MailboxMessagesProto.StoreFlags command) {
    return new StoreFlags(
        MailboxEncoding.id(command.getOperation()),
        MailboxEncoding.uids(command.getUids()),
        Mailboxes.StoreMode.valueOf(command.getMode().name()),
        new LinkedHashSet<>(command.getFlagsList()),
        command.hasUnchangedSince() ? Optional.of(command.getUnchangedSince()) : Optional.empty(),
        actor(command.getReplyTo()));
  }

  private MailboxMessagesProto.MissedLabel missedLabel(MissedLabel label) {
    return MailboxMessagesProto.MissedLabel.newBuilder()
        .setSinceModseq(label.head().sinceModseq())
        .setSinceUidNext(label.head().sinceUidNext())
        .setModseq(label.head().modseq())
        .setUidNext(label.head().uidNext())
        .setCount(label.count())
        .addAllKeywords(label.head().keywords())
        .setTellsWhatIsLeft(label.head().left().isPresent())
        .setRecentFrom(label.recentFrom())
        .setMailbox(actor(label.mailbox()))
        .build();
  }

  private MissedLabel missedLabel(MailboxMessagesProto.MissedLabel label) {
    return new MissedLabel(
        new MailboxEvent.Missed(
            label.getSinceModseq(),
            label.getSinceUidNext(),
            label.getModseq(),
            label.getUidNext(),
            label.getKeywordsList(),
            MessageTable.EMPTY,
            label.getTellsWhatIsLeft() ? Optional.of(UidSet.EMPTY) : Optional.empty()),
        label.getCount(),
        label.getRecentFrom(),
        actor(label.getMailbox()));
  }
}
