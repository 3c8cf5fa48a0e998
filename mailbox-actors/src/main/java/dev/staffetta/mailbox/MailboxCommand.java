package dev.staffetta.mailbox;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.DecidedCommand;
import dev.staffetta.sharding.Decision;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.sharding.Question;
import dev.staffetta.store.content.SmallContent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/** What a mailbox may be asked. */
public sealed interface MailboxCommand extends EntityMessage {
  /**
   * A command that may change the mailbox. Many at once are decided one after the other and written
   * together.
   *
   * @param <R> what is answered
   */
  sealed interface Change<R>
      extends MailboxCommand, DecidedCommand<MailboxState, MailboxChange, MailboxLimits, R> {
    /** Whether it touches messages that are on their way elsewhere: it is taken when they went. */
    default boolean mustWait(MailboxState state) {
      return false;
    }

    /** Whether it makes sense only for a mailbox that exists. */
    default boolean isForOpenMailbox() {
      return true;
    }
  }

  /**
   * Adds a message. The content's id makes a repeated command the same append.
   *
   * @param small the content itself, where it is not stored yet
   */
  record Append(
      ContentId content,
      long size,
      Optional<SmallContent> small,
      Set<String> flags,
      Instant internalDate,
      ActorRef<Answer<Mailboxes.Appended>> replyTo)
      implements Change<Mailboxes.Appended> {
    @Override
    public Decision<MailboxChange, Mailboxes.Appended> decide(
        MailboxState state, MailboxLimits limits) {
      return MailboxDecisions.append(state, this, limits);
    }

    @Override
    public int weightInBytes() {
      return 200 + small.map(content -> content.bytes().size()).orElse(0);
    }
  }

  /**
   * Adds messages of another mailbox of the account: all or none.
   *
   * @param operation the same again is answered as the first was
   * @param sourceModseq at which the source stands
   * @param keywords of the source
   * @param messages as the source has them, ascending
   */
  record Receive(
      ContentId operation,
      long sourceModseq,
      List<String> keywords,
      List<Message> messages,
      ActorRef<Answer<Transfer>> replyTo)
      implements Change<Transfer> {
    @Override
    public Decision<MailboxChange, Transfer> decide(MailboxState state, MailboxLimits limits) {
      return MailboxDecisions.receive(state, this, limits);
    }

    @Override
    public int weightInBytes() {
      return 200 + 150 * messages.size();
    }
  }

  /**
   * Changes flags; of a large set only the first part, and {@link Stored#next} says where to go on.
   */
  record StoreFlags(
      UidSet uids,
      Mailboxes.StoreMode mode,
      Set<String> flags,
      Optional<Long> unchangedSince,
      ActorRef<Answer<Stored>> replyTo)
      implements Change<Stored> {
    @Override
    public Decision<MailboxChange, Stored> decide(MailboxState state, MailboxLimits limits) {
      return MailboxDecisions.store(state, this, limits);
    }

    @Override
    public boolean mustWait(MailboxState state) {
      return state.isMoving(uids);
    }
  }

  /**
   * What a store did.
   *
   * @param modified left alone, because they had changed since
   * @param next first UID not yet looked at; empty: all were
   */
  record Stored(long modseq, UidSet modified, OptionalLong next) implements EntityMessage {}

  /** Removes messages; of many only the first part. */
  record Expunge(Mailboxes.Expunge which, ActorRef<Answer<Expunged>> replyTo)
      implements Change<Expunged> {
    @Override
    public Decision<MailboxChange, Expunged> decide(MailboxState state, MailboxLimits limits) {
      return MailboxDecisions.expunge(state, this, limits);
    }

    @Override
    public boolean mustWait(MailboxState state) {
      return state.isMoving(MailboxDecisions.among(which));
    }
  }

  /**
   * What an expunge took.
   *
   * @param isWhole whether that was all; otherwise the same command takes the next
   */
  record Expunged(long modseq, UidSet uids, boolean isWhole) implements EntityMessage {}

  /**
   * Moves messages to another mailbox of the account; of many only the first part.
   *
   * @param operation the same again is answered as the first was
   */
  record Move(ContentId operation, UidSet uids, long target, ActorRef<Answer<Transfer>> replyTo)
      implements Change<Transfer> {
    @Override
    public Decision<MailboxChange, Transfer> decide(MailboxState state, MailboxLimits limits) {
      return MailboxDecisions.move(state, this, limits);
    }

    @Override
    public boolean mustWait(MailboxState state) {
      return !state.moves().containsKey(operation) && state.isMoving(uids);
    }
  }

  /** What the target of a move answered. */
  record MoveAnswered(
      ContentId operation, Answer<Transfer> answer, ActorRef<Answer<Transfer>> replyTo)
      implements Change<Transfer> {
    @Override
    public Decision<MailboxChange, Transfer> decide(MailboxState state, MailboxLimits limits) {
      return MailboxDecisions.moveAnswered(state, this);
    }

    @Override
    public boolean isForOpenMailbox() {
      return false;
    }

    /** Whether the target could not say. */
    boolean isToBeAskedAgain() {
      return answer instanceof Answer.Refused<Transfer> refused
          && refused.code() == Refusal.Code.UNAVAILABLE;
    }
  }

  /** Sessions now know all messages. */
  record TakeRecent(ActorRef<Answer<Done>> replyTo) implements Change<Done> {
    @Override
    public Decision<MailboxChange, Done> decide(MailboxState state, MailboxLimits limits) {
      return MailboxDecisions.takeRecent(state);
    }

    @Override
    public boolean isForOpenMailbox() {
      return false;
    }
  }

  /**
   * Deletes the mailbox and its messages; answered when nothing of it is left.
   *
   * @param uidValidity of the mailbox meant: a later one of the same number stays
   */
  record Delete(long uidValidity, ActorRef<Answer<Done>> replyTo) implements Change<Done> {
    @Override
    public Decision<MailboxChange, Done> decide(MailboxState state, MailboxLimits limits) {
      return MailboxDecisions.delete(state, this);
    }

    @Override
    public boolean isForOpenMailbox() {
      return false;
    }
  }

  /** Lets the next messages of a deleted mailbox go. */
  record LetGo(ActorRef<Answer<Done>> replyTo) implements Change<Done> {
    @Override
    public Decision<MailboxChange, Done> decide(MailboxState state, MailboxLimits limits) {
      return MailboxDecisions.letGo(state, limits);
    }

    @Override
    public boolean isForOpenMailbox() {
      return false;
    }
  }

  /** How the mailbox stands. */
  record GetView(ActorRef<Answer<MailboxView>> replyTo)
      implements MailboxCommand, Question<MailboxView> {}

  /**
   * Tells a session of every change from now on, until it ends or unsubscribes.
   *
   * @param subscriber is watched
   */
  record Subscribe(
      Mailboxes.Access access,
      ActorRef<MailboxEvent> subscriber,
      ActorRef<Answer<Subscribed>> replyTo)
      implements MailboxCommand, Question<Subscribed> {}

  /**
   * How the mailbox stood at the subscription.
   *
   * @param recentFrom messages from this UID on are \Recent to the session
   * @param mailbox ends when it crashes or moves; then subscribe again
   */
  record Subscribed(MailboxView view, long recentFrom, ActorRef<MailboxCommand> mailbox)
      implements EntityMessage {}

  /** Ends a subscription. */
  record Unsubscribe(ActorRef<MailboxEvent> subscriber) implements MailboxCommand {}

  /** What the account says: whether this mailbox exists, and under which UIDVALIDITY. */
  record AccountSaid(OptionalLong uidValidity) implements MailboxCommand {}

  /** To itself: time to do what the signal is named for. */
  enum Signal implements MailboxCommand {
    /** Write what has gathered. */
    FLUSH,
    /** The account or the target of a move has not answered: ask again in a while. */
    UNANSWERED,
    /** Ask the account, and the targets of moves, again. */
    REMIND,
    /** Nobody has said anything for long. */
    IDLE,
    /** Leave. */
    STOP
  }
}
