package dev.staffetta.mailbox;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxStatus;
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
   *
   * @param operation a conditional one that is sent again is answered as the first was: it would
   *     find its own change
   */
  record StoreFlags(
      ContentId operation,
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

  /**
   * Copies messages to another mailbox of the account, all or none. Asked of the source, which
   * knows them.
   *
   * @param operation the same again is answered as the first was
   */
  record Copy(ContentId operation, UidSet uids, long target, ActorRef<Answer<Transfer>> replyTo)
      implements Read<Transfer> {}

  /** What the target of a move answered. */
  record MoveAnswered(
      ContentId operation, Answer<Transfer> answer, ActorRef<Answer<Transfer>> replyTo)
      implements Change<Transfer>, ToItself {
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
  record TakeRecent(ActorRef<Answer<Done>> replyTo) implements Change<Done>, ToItself {
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
  record LetGo(ActorRef<Answer<Done>> replyTo) implements Change<Done>, ToItself {
    @Override
    public Decision<MailboxChange, Done> decide(MailboxState state, MailboxLimits limits) {
      return MailboxDecisions.letGo(state, limits);
    }

    @Override
    public boolean isForOpenMailbox() {
      return false;
    }
  }

  /**
   * A question whose answer must not be older than what was answered to anybody before it.
   *
   * @param <R> what is answered
   */
  sealed interface Read<R> extends MailboxCommand, Question<R> {}

  /** How the mailbox stands. */
  record GetView(ActorRef<Answer<MailboxView>> replyTo) implements Read<MailboxView> {}

  /** At which modseq it stands. */
  record GetModseq(ActorRef<Answer<Long>> replyTo) implements Read<Long> {}

  /** How it stands in numbers. */
  record GetStatus(ActorRef<Answer<MailboxStatus>> replyTo) implements Read<MailboxStatus> {}

  /**
   * Tells a session of every change from now on, until it ends or unsubscribes. The same again
   * keeps the subscription and tells what was missed.
   *
   * @param known what the session knows already
   * @param subscriber is watched
   */
  record Subscribe(
      Mailboxes.Access access,
      Optional<Known> known,
      ActorRef<Notice> subscriber,
      ActorRef<Answer<Subscribed>> replyTo)
      implements Read<Subscribed> {}

  /**
   * What a session knows of a mailbox.
   *
   * @param modseq all changes up to this one
   * @param count of the messages it knows
   */
  record Known(long uidValidity, long modseq, long uidNext, int count) {}

  /**
   * How the mailbox stands at the subscription.
   *
   * @param recentFrom messages from this UID on are \\Recent to a session that has just come
   * @param mailbox ends when it crashes or moves; then subscribe again
   */
  record Subscribed(Standing standing, long recentFrom, ActorRef<MailboxCommand> mailbox) {}

  /** How a mailbox stands, for who subscribes. */
  sealed interface Standing {
    /** All of it. */
    record Whole(MailboxView view) implements Standing {}

    /** What the session does not know yet; nothing: the modseq is the one it knows. */
    record Missed(MailboxEvent.Missed event, int count) implements Standing {}
  }

  /** Ends a subscription. */
  record Unsubscribe(ActorRef<Notice> subscriber) implements MailboxCommand {}

  /** What the account says: whether this mailbox exists, and under which UIDVALIDITY. */
  record AccountSaid(OptionalLong uidValidity) implements MailboxCommand, ToItself {}

  /**
   * What the store has of this mailbox, read after it was sure that its node leads.
   *
   * @param sequenceNumber of the last change; empty: nobody can say
   */
  record StoreSaid(OptionalLong sequenceNumber) implements MailboxCommand, ToItself {}

  /** To itself: time to do what the signal is named for. */
  enum Signal implements MailboxCommand, ToItself {
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
