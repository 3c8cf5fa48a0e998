package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxChange.FlagsChanged;
import dev.staffetta.mailbox.MailboxCommand.Stored;
import dev.staffetta.mailbox.proto.MailboxProto;
import dev.staffetta.mailbox.proto.MailboxProto.Id;
import dev.staffetta.mailbox.proto.MailboxProto.NewMessage;
import dev.staffetta.mailbox.proto.MailboxProto.Uids;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.UidSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Changes of a mailbox to and from the messages of {@code mailbox.proto}. */
final class MailboxEncoding {
  private MailboxEncoding() {}

  static Uids uids(UidSet uids) {
    Uids.Builder result = Uids.newBuilder();
    long last = 0;
    for (UidSet.Range range : uids.ranges()) {
      result.addSteps(range.first() - last).addSteps(range.last() - range.first());
      last = range.last();
    }
    return result.build();
  }

  static UidSet uids(Uids uids) {
    List<UidSet.Range> ranges = new ArrayList<>(uids.getStepsCount() / 2);
    long last = 0;
    for (int i = 0; i + 1 < uids.getStepsCount(); i += 2) {
      long first = last + uids.getSteps(i);
      last = first + uids.getSteps(i + 1);
      ranges.add(new UidSet.Range(first, last));
    }
    return new UidSet(ranges);
  }

  static Id id(ContentId id) {
    return Id.newBuilder().setHigh(id.high()).setLow(id.low()).build();
  }

  static ContentId id(Id id) {
    return new ContentId(id.getHigh(), id.getLow());
  }

  private static NewMessage message(Message message) {
    return NewMessage.newBuilder()
        .setFlags(message.flags())
        .setSize(message.size())
        .setInternalDate(message.internalDate().getEpochSecond())
        .setContentHigh(message.content().high())
        .setContentLow(message.content().low())
        .build();
  }

  private static Message message(NewMessage message, long uid, long modseq) {
    return new Message(
        uid,
        message.getFlags(),
        modseq,
        message.getSize(),
        Instant.ofEpochSecond(message.getInternalDate()),
        new ContentId(message.getContentHigh(), message.getContentLow()));
  }

  static MailboxProto.Created created(MailboxChange.Created change) {
    return MailboxProto.Created.newBuilder().setUidValidity(change.uidValidity()).build();
  }

  static MailboxChange.Created created(MailboxProto.Created change) {
    return new MailboxChange.Created(change.getUidValidity());
  }

  static MailboxProto.KeywordsAdded keywordsAdded(MailboxChange.KeywordsAdded change) {
    return MailboxProto.KeywordsAdded.newBuilder().addAllKeywords(change.keywords()).build();
  }

  static MailboxChange.KeywordsAdded keywordsAdded(MailboxProto.KeywordsAdded change) {
    return new MailboxChange.KeywordsAdded(change.getKeywordsList());
  }

  static MailboxProto.Appended appended(MailboxChange.Appended change) {
    return MailboxProto.Appended.newBuilder()
        .setUid(change.message().uid())
        .setModseq(change.message().modseq())
        .setMessage(message(change.message()))
        .build();
  }

  static MailboxChange.Appended appended(MailboxProto.Appended change) {
    return new MailboxChange.Appended(
        message(change.getMessage(), change.getUid(), change.getModseq()), List.of());
  }

  static MailboxProto.Copied copied(MailboxChange.Copied change) {
    MailboxProto.Copied.Builder result =
        MailboxProto.Copied.newBuilder()
            .setOperation(id(change.operation()))
            .setSource(uids(change.source()))
            .setSourceModseq(change.sourceModseq())
            .setModseq(change.modseq())
            .setFirstUid(change.messages().isEmpty() ? 0 : change.messages().get(0).uid());
    change.messages().forEach(message -> result.addMessages(message(message)));
    return result.build();
  }

  static MailboxChange.Copied copied(MailboxProto.Copied change) {
    List<Message> messages = new ArrayList<>(change.getMessagesCount());
    for (NewMessage message : change.getMessagesList()) {
      messages.add(message(message, change.getFirstUid() + messages.size(), change.getModseq()));
    }
    return new MailboxChange.Copied(
        id(change.getOperation()),
        uids(change.getSource()),
        change.getSourceModseq(),
        change.getModseq(),
        messages);
  }

  static MailboxProto.FlagsChanged flagsChanged(FlagsChanged change) {
    MailboxProto.FlagsChanged.Builder result =
        MailboxProto.FlagsChanged.newBuilder().setModseq(change.modseq());
    for (FlagsChanged.Group group : change.groups()) {
      result.addGroups(
          MailboxProto.FlagsChanged.Group.newBuilder()
              .setUids(uids(group.uids()))
              .setFlags(group.flags()));
    }
    return result.build();
  }

  static FlagsChanged flagsChanged(MailboxProto.FlagsChanged change) {
    return new FlagsChanged(
        change.getModseq(),
        change.getGroupsList().stream()
            .map(group -> new FlagsChanged.Group(uids(group.getUids()), group.getFlags()))
            .toList());
  }

  static MailboxProto.StoreRemembered storeRemembered(ContentId operation, Stored answer) {
    MailboxProto.StoreRemembered.Builder result =
        MailboxProto.StoreRemembered.newBuilder()
            .setOperation(id(operation))
            .setModseq(answer.modseq())
            .setModified(uids(answer.modified()));
    answer.next().ifPresent(result::setNext);
    return result.build();
  }

  static Stored stored(MailboxProto.StoreRemembered store) {
    return new Stored(
        store.getModseq(),
        uids(store.getModified()),
        store.hasNext() ? OptionalLong.of(store.getNext()) : OptionalLong.empty());
  }

  static MailboxProto.Expunged expunged(MailboxChange.Expunged change) {
    return MailboxProto.Expunged.newBuilder()
        .setModseq(change.modseq())
        .setUids(uids(change.uids()))
        .build();
  }

  static MailboxChange.Expunged expunged(MailboxProto.Expunged change) {
    return new MailboxChange.Expunged(change.getModseq(), uids(change.getUids()), List.of());
  }

  static MailboxProto.MoveStarted moveStarted(MailboxChange.MoveStarted change) {
    return MailboxProto.MoveStarted.newBuilder()
        .setOperation(id(change.operation()))
        .setUids(uids(change.uids()))
        .setTarget(change.target())
        .build();
  }

  static MailboxChange.MoveStarted moveStarted(MailboxProto.MoveStarted change) {
    return new MailboxChange.MoveStarted(
        id(change.getOperation()), uids(change.getUids()), change.getTarget());
  }

  static MailboxProto.MoveFinished moveFinished(MailboxChange.MoveFinished change) {
    return MailboxProto.MoveFinished.newBuilder()
        .setOperation(id(change.operation()))
        .setModseq(change.modseq())
        .setTargetUidValidity(change.targetUidValidity())
        .setTargetFirstUid(change.targetFirstUid())
        .setTargetModseq(change.targetModseq())
        .build();
  }

  static MailboxChange.MoveFinished moveFinished(MailboxProto.MoveFinished change) {
    return new MailboxChange.MoveFinished(
        id(change.getOperation()),
        change.getModseq(),
        change.getTargetUidValidity(),
        change.getTargetFirstUid(),
        change.getTargetModseq(),
        List.of());
  }

  static MailboxProto.MoveAbandoned moveAbandoned(MailboxChange.MoveAbandoned change) {
    return MailboxProto.MoveAbandoned.newBuilder().setOperation(id(change.operation())).build();
  }

  static MailboxChange.MoveAbandoned moveAbandoned(MailboxProto.MoveAbandoned change) {
    return new MailboxChange.MoveAbandoned(id(change.getOperation()));
  }

  static MailboxProto.RecentTaken recentTaken(MailboxChange.RecentTaken change) {
    return MailboxProto.RecentTaken.newBuilder().setUid(change.uid()).build();
  }

  static MailboxChange.RecentTaken recentTaken(MailboxProto.RecentTaken change) {
    return new MailboxChange.RecentTaken(change.getUid());
  }
}
