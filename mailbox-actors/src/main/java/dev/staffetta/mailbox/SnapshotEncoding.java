package dev.staffetta.mailbox;

import com.google.protobuf.ByteString;
import dev.staffetta.mailbox.MailboxState.Move;
import dev.staffetta.mailbox.MailboxState.Stage;
import dev.staffetta.mailbox.proto.MailboxProto.Head;
import dev.staffetta.mailbox.proto.MailboxProto.Segment;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageSegment;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.sharding.Operations;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** A mailbox's state to and from the messages of {@code mailbox.proto}. */
final class SnapshotEncoding {
  private static final int CONTENT_ID_BYTES = 2 * Long.BYTES;

  private SnapshotEncoding() {}

  static Head head(SnapshotRoot root) {
    MailboxState state = root.state();
    Head.Builder head =
        Head.newBuilder()
            .setAccount(state.id().account().address())
            .setNumber(state.id().number())
            .setStage(Head.Stage.valueOf(state.stage().name()))
            .setUidValidity(state.uidValidity())
            .setUidNext(state.uidNext())
            .setHighestModseq(state.highestModseq())
            .setRecentFrom(state.recentFrom())
            .addAllKeywords(state.keywords());
    state
        .placed()
        .forEach(
            (content, uid) ->
                head.addPlaced(
                    Head.Placed.newBuilder().setContent(MailboxEncoding.id(content)).setUid(uid)));
    for (Operations.Entry<Transfer> entry : state.transfers().entries()) {
      Transfer transfer = entry.answer();
      head.addTransfers(
          Head.Transfer.newBuilder()
              .setOperation(MailboxEncoding.id(entry.operation()))
              .setSource(MailboxEncoding.uids(transfer.source()))
              .setTargetUidValidity(transfer.targetUidValidity())
              .setTargetFirstUid(transfer.targetFirstUid())
              .setSourceModseq(transfer.sourceModseq())
              .setTargetModseq(transfer.targetModseq()));
    }
    state
        .moves()
        .forEach(
            (operation, move) ->
                head.addMoves(
                    Head.Move.newBuilder()
                        .setOperation(MailboxEncoding.id(operation))
                        .setUids(MailboxEncoding.uids(move.uids()))
                        .setTarget(move.target())));
    state
        .stores()
        .entries()
        .forEach(
            entry ->
                head.addStores(MailboxEncoding.storeRemembered(entry.operation(), entry.answer())));
    return head.build();
  }

  static SnapshotRoot head(Head head) {
    RecentIds placed = RecentIds.NONE;
    for (Head.Placed entry : head.getPlacedList()) {
      placed = placed.plus(MailboxEncoding.id(entry.getContent()), entry.getUid());
    }
    List<Operations.Entry<Transfer>> transfers = new ArrayList<>();
    for (Head.Transfer transfer : head.getTransfersList()) {
      transfers.add(
          new Operations.Entry<>(
              MailboxEncoding.id(transfer.getOperation()),
              new Transfer(
                  MailboxEncoding.uids(transfer.getSource()),
                  transfer.getTargetUidValidity(),
                  transfer.getTargetFirstUid(),
                  transfer.getSourceModseq(),
                  transfer.getTargetModseq())));
    }
    Map<ContentId, Move> moves = new LinkedHashMap<>();
    for (Head.Move move : head.getMovesList()) {
      moves.put(
          MailboxEncoding.id(move.getOperation()),
          new Move(MailboxEncoding.uids(move.getUids()), move.getTarget()));
    }
    return new SnapshotRoot(
        new MailboxState(
            new MailboxId(new AccountId(head.getAccount()), head.getNumber()),
            Stage.valueOf(head.getStage().name()),
            head.getUidValidity(),
            head.getUidNext(),
            head.getHighestModseq(),
            head.getRecentFrom(),
            head.getKeywordsList(),
            MessageTable.EMPTY,
            placed,
            new Operations<>(MailboxState.NO_TRANSFERS.capacity(), transfers),
            moves,
            new Operations<>(
                MailboxState.NO_STORES.capacity(),
                head.getStoresList().stream()
                    .map(
                        store ->
                            new Operations.Entry<>(
                                MailboxEncoding.id(store.getOperation()),
                                MailboxEncoding.stored(store)))
                    .toList())));
  }

  static Segment segment(MessageSegment segment) {
    return rows(segment.size(), segment::get);
  }

  static MessageSegment segment(Segment segment) {
    return MessageSegment.of(rows(segment));
  }

  /** Any number of messages, in the same columns. */
  static Segment rows(List<Message> messages) {
    return rows(messages.size(), messages::get);
  }

  private static Segment rows(int count, IntFunction<Message> messages) {
    Segment.Builder result = Segment.newBuilder();
    ByteBuffer contents = ByteBuffer.allocate(CONTENT_ID_BYTES * count);
    long uid = 0;
    long modseq = 0;
    long date = 0;
    for (int i = 0; i < count; i++) {
      Message message = messages.apply(i);
      result
          .addUidSteps(message.uid() - uid)
          .addFlags(message.flags())
          .addModseqSteps(message.modseq() - modseq)
          .addSizes(message.size())
          .addDateSteps(message.internalDate().getEpochSecond() - date);
      contents.putLong(message.content().high()).putLong(message.content().low());
      uid = message.uid();
      modseq = message.modseq();
      date = message.internalDate().getEpochSecond();
    }
    return result.setContents(ByteString.copyFrom(contents.flip())).build();
  }

  /** The messages again. */
  static List<Message> rows(Segment segment) {
    ByteBuffer contents = segment.getContents().asReadOnlyByteBuffer();
    List<Message> messages = new ArrayList<>(segment.getUidStepsCount());
    long uid = 0;
    long modseq = 0;
    long date = 0;
    for (int i = 0; i < segment.getUidStepsCount(); i++) {
      uid += segment.getUidSteps(i);
      modseq += segment.getModseqSteps(i);
      date += segment.getDateSteps(i);
      messages.add(
          new Message(
              uid,
              segment.getFlags(i),
              modseq,
              segment.getSizes(i),
              Instant.ofEpochSecond(date),
              new ContentId(contents.getLong(), contents.getLong())));
    }
    return messages;
  }
}
