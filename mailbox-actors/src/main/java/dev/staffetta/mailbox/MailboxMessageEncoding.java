package dev.staffetta.mailbox;

import com.google.protobuf.UnsafeByteOperations;
import dev.staffetta.mailbox.MailboxCommand.Known;
import dev.staffetta.mailbox.SubscribedParcel.MissedPart;
import dev.staffetta.mailbox.ViewParcel.ViewPart;
import dev.staffetta.mailbox.proto.MailboxMessagesProto;
import dev.staffetta.mailbox.proto.MailboxMessagesProto.ViewHead;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxStatus;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.store.content.SmallContent;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** Parts of messages to and from those of {@code mailbox_messages.proto}; they name no actors. */
final class MailboxMessageEncoding {
  private MailboxMessageEncoding() {}

  static void small(MailboxMessagesProto.Append.Builder append, SmallContent content) {
    append
        .setBytes(UnsafeByteOperations.unsafeWrap(content.bytes().toArrayUnsafe()))
        .setSummary(UnsafeByteOperations.unsafeWrap(content.summary().toBytes()));
  }

  static Optional<SmallContent> small(MailboxMessagesProto.Append append, ContentId id) {
    return append.hasBytes()
        ? Optional.of(
            new SmallContent(
                id,
                MessageSummary.fromBytes(append.getSummary().toByteArray()),
                ByteString.fromArrayUnsafe(append.getBytes().toByteArray())))
        : Optional.empty();
  }

  static void which(MailboxMessagesProto.Expunge.Builder expunge, Mailboxes.Expunge which) {
    if (which instanceof Mailboxes.Expunge.DeletedAmong among) {
      expunge.setDeletedAmong(MailboxEncoding.uids(among.uids()));
    } else if (which instanceof Mailboxes.Expunge.Exactly exactly) {
      expunge.setExactly(MailboxEncoding.uids(exactly.uids()));
    } else {
      expunge.setAllDeleted(true);
    }
  }

  static Mailboxes.Expunge which(MailboxMessagesProto.Expunge expunge) {
    return switch (expunge.getWhichCase()) {
      case ALL_DELETED -> new Mailboxes.Expunge.AllDeleted();
      case DELETED_AMONG ->
          new Mailboxes.Expunge.DeletedAmong(MailboxEncoding.uids(expunge.getDeletedAmong()));
      case EXACTLY -> new Mailboxes.Expunge.Exactly(MailboxEncoding.uids(expunge.getExactly()));
      case WHICH_NOT_SET ->
          throw new IllegalArgumentException("an expunge of a later version: " + expunge);
    };
  }

  static MailboxMessagesProto.Known known(Known known) {
    return MailboxMessagesProto.Known.newBuilder()
        .setUidValidity(known.uidValidity())
        .setModseq(known.modseq())
        .setUidNext(known.uidNext())
        .setCount(known.count())
        .build();
  }

  static Known known(MailboxMessagesProto.Known known) {
    return new Known(
        known.getUidValidity(), known.getModseq(), known.getUidNext(), known.getCount());
  }

  static MailboxMessagesProto.Status status(MailboxStatus status) {
    return MailboxMessagesProto.Status.newBuilder()
        .setUidValidity(status.uidValidity())
        .setUidNext(status.uidNext())
        .setHighestModseq(status.highestModseq())
        .setMessages(status.messages())
        .setUnseen(status.unseen())
        .setRecent(status.recent())
        .setSizeInBytes(status.sizeInBytes())
        .build();
  }

  static MailboxStatus status(MailboxMessagesProto.Status status) {
    return new MailboxStatus(
        status.getUidValidity(),
        status.getUidNext(),
        status.getHighestModseq(),
        status.getMessages(),
        status.getUnseen(),
        status.getRecent(),
        status.getSizeInBytes());
  }

  static MailboxMessagesProto.Transfer transfer(Transfer transfer) {
    return MailboxMessagesProto.Transfer.newBuilder()
        .setSource(MailboxEncoding.uids(transfer.source()))
        .setTargetUidValidity(transfer.targetUidValidity())
        .setTargetFirstUid(transfer.targetFirstUid())
        .setSourceModseq(transfer.sourceModseq())
        .setTargetModseq(transfer.targetModseq())
        .build();
  }

  static Transfer transfer(MailboxMessagesProto.Transfer transfer) {
    return new Transfer(
        MailboxEncoding.uids(transfer.getSource()),
        transfer.getTargetUidValidity(),
        transfer.getTargetFirstUid(),
        transfer.getSourceModseq(),
        transfer.getTargetModseq());
  }

  static ViewHead head(MailboxView view) {
    return ViewHead.newBuilder()
        .setAccount(view.id().account().address())
        .setNumber(view.id().number())
        .setUidValidity(view.uidValidity())
        .setUidNext(view.uidNext())
        .setHighestModseq(view.highestModseq())
        .addAllKeywords(view.keywords())
        .build();
  }

  static MailboxView head(ViewHead head) {
    return new MailboxView(
        new MailboxId(new AccountId(head.getAccount()), head.getNumber()),
        head.getUidValidity(),
        head.getUidNext(),
        head.getHighestModseq(),
        head.getKeywordsList(),
        MessageTable.EMPTY);
  }

  static MailboxMessagesProto.ViewPart viewPart(ViewPart part) {
    MailboxMessagesProto.ViewPart.Builder result = MailboxMessagesProto.ViewPart.newBuilder();
    part.segments().forEach(segment -> result.addSegments(SnapshotEncoding.segment(segment)));
    return result.build();
  }

  static ViewPart viewPart(MailboxMessagesProto.ViewPart part) {
    return new ViewPart(part.getSegmentsList().stream().map(SnapshotEncoding::segment).toList());
  }

  static MailboxMessagesProto.MissedPart missedPart(MissedPart part) {
    MailboxMessagesProto.MissedPart.Builder result =
        MailboxMessagesProto.MissedPart.newBuilder().setLeft(MailboxEncoding.uids(part.left()));
    part.changed().forEach(segment -> result.addChanged(SnapshotEncoding.segment(segment)));
    return result.build();
  }

  static MissedPart missedPart(MailboxMessagesProto.MissedPart part) {
    return new MissedPart(
        part.getChangedList().stream().map(SnapshotEncoding::segment).toList(),
        MailboxEncoding.uids(part.getLeft()));
  }

  static MailboxMessagesProto.Changed changed(Notice.Told told) {
    MailboxEvent.Changed event = told.event();
    return MailboxMessagesProto.Changed.newBuilder()
        .setSinceModseq(event.sinceModseq())
        .setModseq(event.modseq())
        .setUidNext(event.uidNext())
        .addAllKeywords(event.keywords())
        .setAdded(SnapshotEncoding.rows(event.added()))
        .setChanged(SnapshotEncoding.rows(event.changed()))
        .setExpunged(MailboxEncoding.uids(event.expunged()))
        .build();
  }

  static Notice.Told changed(MailboxMessagesProto.Changed event) {
    return new Notice.Told(
        new MailboxEvent.Changed(
            event.getSinceModseq(),
            event.getModseq(),
            event.getUidNext(),
            event.getKeywordsList(),
            SnapshotEncoding.rows(event.getAdded()),
            SnapshotEncoding.rows(event.getChanged()),
            MailboxEncoding.uids(event.getExpunged())));
  }
}
