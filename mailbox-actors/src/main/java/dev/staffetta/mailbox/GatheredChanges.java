package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxCommand.Change;
import dev.staffetta.mailbox.MailboxCommand.Delete;
import dev.staffetta.mailbox.MailboxCommand.Move;
import dev.staffetta.mailbox.MailboxCommand.MoveAnswered;
import dev.staffetta.mailbox.MailboxState.Stage;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Batch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Changes that a mailbox was asked for, on their way to the journal: those that come while a write
 * is under way are decided together, each on what the one before made of the state, and are one
 * write. Those that touch messages which are on their way elsewhere wait until they have gone.
 *
 * <p>Knows who is to be answered, and when: nobody before what he asked for is written. Belongs to
 * the mailbox's actor; used on its thread only.
 */
final class GatheredChanges {
  private final MailboxLimits limits;
  private final int batchBytes;
  private final BooleanSupplier hasRoom;
  private final Runnable askToFlush;

  /** To be decided and written at the next flush. */
  private final Deque<Change<?>> gathered = new ArrayDeque<>();

  /** Touch messages that are on their way elsewhere. */
  private final List<Change<?>> deferred = new ArrayList<>();

  private final LongWaits waits = new LongWaits();

  private Optional<Write> writing = Optional.empty();

  private boolean isFlushDue;

  /** Changes that were decided together and are to be written as one. */
  record Write(
      Batch<MailboxState, MailboxChange, MailboxLimits> batch, List<MailboxEvent.Changed> told) {
    List<MailboxChange> changes() {
      return batch.changes();
    }
  }

  /**
   * @param batchBytes a write gets no further change once it weighs so much
   * @param hasRoom whether the disk has room
   * @param askToFlush has {@link #next} called, behind all commands that have come meanwhile, so
   *     that they are gathered first
   */
  GatheredChanges(
      MailboxLimits limits, int batchBytes, BooleanSupplier hasRoom, Runnable askToFlush) {
    this.limits = limits;
    this.batchBytes = batchBytes;
    this.hasRoom = hasRoom;
    this.askToFlush = askToFlush;
  }

  /** Has a change decided and written with the next ones. */
  void add(Change<?> change) {
    gathered.add(change);
    flushSoon();
  }

  boolean isEmpty() {
    return gathered.isEmpty();
  }

  private void flushSoon() {
    if (!isFlushDue) {
      isFlushDue = true;
      askToFlush.run();
    }
  }

  /** Decides what has gathered; empty: nothing is to be written, and who asked is answered. */
  Optional<Write> next(MailboxState state) {
    isFlushDue = false;
    List<MailboxEvent.Changed> told = new ArrayList<>();
    Batch<MailboxState, MailboxChange, MailboxLimits> batch =
        new Batch<>(state, limits, hasRoom, (before, change) -> apply(before, change, told));
    while (!gathered.isEmpty() && batch.weightInBytes() < batchBytes) {
      Change<?> change = gathered.poll();
      if (change.mustWait(batch.state())) {
        deferred.add(change);
      } else {
        decide(batch, change);
      }
    }
    if (!gathered.isEmpty()) {
      flushSoon();
    }
    if (batch.changes().isEmpty()) {
      batch.answer();
      return Optional.empty();
    }
    writing = Optional.of(new Write(batch, told));
    return writing;
  }

  private static MailboxState apply(
      MailboxState before, MailboxChange change, List<MailboxEvent.Changed> told) {
    MailboxState after = change.applyTo(before);
    change.told(before, after).ifPresent(told::add);
    return after;
  }

  private void decide(Batch<MailboxState, MailboxChange, MailboxLimits> batch, Change<?> change) {
    if (change instanceof Move move) {
      if (batch.take(move).isEmpty()) {
        waits.forMove(move.operation(), move.replyTo());
      }
    } else if (change instanceof MoveAnswered moved) {
      batch
          .take(moved)
          .ifPresent(answer -> batch.afterwards(() -> onMoveDone(moved.operation(), answer)));
    } else if (change instanceof Delete delete) {
      if (batch.take(delete).isEmpty()) {
        waits.forDeletion(delete.replyTo());
      }
    } else {
      batch.take(change);
    }
  }

  /** Answers who waits for a move, and takes up what waited for its messages. */
  private void onMoveDone(ContentId operation, Answer<Transfer> answer) {
    waits.moved(operation, answer);
    deferred.forEach(this::add);
    deferred.clear();
  }

  /** All that was to be written is in the state: answers who asked for it. */
  void written(MailboxState state, Write write) {
    writing = Optional.empty();
    if (state.stage() == Stage.DELETED && state.messages().isEmpty()) {
      waits.deleted();
    }
    write.batch().answer();
  }

  /** The actor ends: whoever waits is told to ask again, and finds what was written. */
  void refuseAll() {
    writing.map(Write::batch).ifPresent(Batch::refuse);
    gathered.forEach(Batch::refuse);
    deferred.forEach(Batch::refuse);
    waits.refuseAll();
  }
}
