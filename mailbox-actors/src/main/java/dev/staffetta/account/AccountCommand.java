package dev.staffetta.account;

import dev.staffetta.account.AccountState.Chore;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.SpecialUse;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.DecidedCommand;
import dev.staffetta.sharding.Decision;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.sharding.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/** What an account may be asked. */
public sealed interface AccountCommand extends EntityMessage {

  /**
   * A command that may change the account.
   *
   * @param <R> what is answered
   */
  sealed interface Change<R>
      extends AccountCommand, DecidedCommand<AccountState, AccountChange, AccountContext, R> {}

  /**
   * A change that must not be made twice: it has an id, and one that is sent again is answered as
   * the first was.
   */
  sealed interface Once<R> extends Change<R> {
    ContentId operation();

    /** The first time. */
    Decision<AccountChange, R> decideFirst(AccountState state, AccountContext context);

    /**
     * Any other time.
     *
     * @param number of the mailbox that the first made; 0: none
     */
    Decision<AccountChange, R> repeat(AccountState state, long number);

    @Override
    default Decision<AccountChange, R> decide(AccountState state, AccountContext context) {
      Optional<Long> before = state.operations().find(operation());
      if (before.isPresent()) {
        return repeat(state, before.get());
      }
      Decision<AccountChange, R> first = decideFirst(state, context);
      if (first.changes().isEmpty()) {
        return first;
      }
      List<AccountChange> changes = new ArrayList<>(first.changes());
      changes.add(
          new AccountChange.OperationDone(
              operation(), AccountDecisions.numberMadeBy(first.changes())));
      return new Decision<>(changes, first.answer());
    }
  }

  /**
   * Makes the account with its first folders.
   *
   * @param passwordHash a PHC string
   * @param replyTo hears whether it is new
   */
  record Create(ContentId operation, String passwordHash, ActorRef<Answer<Boolean>> replyTo)
      implements Once<Boolean> {
    @Override
    public Decision<AccountChange, Boolean> decideFirst(
        AccountState state, AccountContext context) {
      return AccountDecisions.create(state, this, context);
    }

    @Override
    public Decision<AccountChange, Boolean> repeat(AccountState state, long number) {
      return Decision.answer(true);
    }
  }

  /**
   * Gives it another password.
   *
   * @param passwordHash as {@link PasswordHash} reads it
   * @param insteadOf only where this is still the hash; empty: whatever it is
   */
  record ChangePassword(
      String passwordHash, Optional<String> insteadOf, ActorRef<Answer<Done>> replyTo)
      implements Change<Done> {
    @Override
    public Decision<AccountChange, Done> decide(AccountState state, AccountContext context) {
      return AccountDecisions.changePassword(state, this);
    }
  }

  /** Removes the account; answered, with whether it was there, when nothing of its mail is left. */
  record Remove(ContentId operation, ActorRef<Answer<Boolean>> replyTo) implements Once<Boolean> {
    @Override
    public Decision<AccountChange, Boolean> decideFirst(
        AccountState state, AccountContext context) {
      return AccountDecisions.remove(state);
    }

    @Override
    public Decision<AccountChange, Boolean> repeat(AccountState state, long number) {
      return AccountDecisions.removeAgain(state);
    }
  }

  /** RFC 9051 6.3.4. */
  record CreateFolder(
      ContentId operation,
      String name,
      Optional<SpecialUse> use,
      ActorRef<Answer<MailboxId>> replyTo)
      implements Once<MailboxId> {
    @Override
    public Decision<AccountChange, MailboxId> decideFirst(
        AccountState state, AccountContext context) {
      return AccountDecisions.createFolder(state, this, context);
    }

    @Override
    public Decision<AccountChange, MailboxId> repeat(AccountState state, long number) {
      return Decision.answer(new MailboxId(state.id(), number));
    }
  }

  /** RFC 9051 6.3.5. */
  record DeleteFolder(ContentId operation, String name, ActorRef<Answer<Done>> replyTo)
      implements Once<Done> {
    @Override
    public Decision<AccountChange, Done> decideFirst(AccountState state, AccountContext context) {
      return AccountDecisions.deleteFolder(state, this);
    }

    @Override
    public Decision<AccountChange, Done> repeat(AccountState state, long number) {
      return Decision.answer(Done.getInstance());
    }
  }

  /** RFC 9051 6.3.6; INBOX's is answered when its messages have moved. */
  record RenameFolder(ContentId operation, String from, String to, ActorRef<Answer<Done>> replyTo)
      implements Once<Done> {
    @Override
    public Decision<AccountChange, Done> decideFirst(AccountState state, AccountContext context) {
      return AccountDecisions.renameFolder(state, this, context);
    }

    @Override
    public Decision<AccountChange, Done> repeat(AccountState state, long number) {
      return AccountDecisions.renameAgain(state, number);
    }
  }

  /** RFC 9051 6.3.7. */
  record Subscribe(String name, ActorRef<Answer<Done>> replyTo) implements Change<Done> {
    @Override
    public Decision<AccountChange, Done> decide(AccountState state, AccountContext context) {
      return AccountDecisions.subscribe(state, this, context);
    }
  }

  /** RFC 9051 6.3.8. */
  record Unsubscribe(String name, ActorRef<Answer<Done>> replyTo) implements Change<Done> {
    @Override
    public Decision<AccountChange, Done> decide(AccountState state, AccountContext context) {
      return AccountDecisions.unsubscribe(state, this);
    }
  }

  /** A mailbox did what was asked of it. */
  record FinishChore(Chore chore, ActorRef<Answer<Done>> replyTo)
      implements Change<Done>, ToItself {
    @Override
    public Decision<AccountChange, Done> decide(AccountState state, AccountContext context) {
      return AccountDecisions.finishChore(state, this);
    }
  }

  /**
   * A question whose answer must not be older than what was answered to anybody before it.
   *
   * @param <R> what is answered
   */
  sealed interface Read<R> extends AccountCommand, Question<R> {}

  /** The password's hash, as a PHC string. */
  record GetPasswordHash(ActorRef<Answer<String>> replyTo) implements Read<String> {}

  /** All names. */
  record GetTree(ActorRef<Answer<FolderTree>> replyTo) implements Read<FolderTree> {}

  /**
   * Counts recipients that the account is to send to; refused with LIMIT when they are too many in
   * an hour or a day.
   */
  record CountRecipients(int recipients, ActorRef<Answer<Done>> replyTo)
      implements AccountCommand, Question<Done> {}

  /** The UIDVALIDITY of a mailbox; empty: it is not there. */
  record FindMailbox(long number, ActorRef<Answer<OptionalLong>> replyTo)
      implements Read<OptionalLong> {}

  /**
   * Locks the maildrop for a session (RFC 1939 8) until it ends or unlocks. The same again keeps
   * it.
   *
   * @param lease names the session's hold: by it a hold is known again after the account has moved
   * @param holder is watched and answered
   */
  record LockMaildrop(ContentId lease, ActorRef<Answer<Locked>> holder) implements Change<Locked> {
    @Override
    public ActorRef<Answer<Locked>> replyTo() {
      return holder;
    }

    @Override
    public Decision<AccountChange, Locked> decide(AccountState state, AccountContext context) {
      return AccountDecisions.lock(state, this);
    }
  }

  /**
   * The maildrop is locked.
   *
   * @param account when it ends, the lock is to be taken again
   */
  record Locked(ActorRef<AccountCommand> account) implements EntityMessage {}

  /** Lets the next session in. */
  record UnlockMaildrop(ContentId lease, ActorRef<Answer<Done>> replyTo) implements Change<Done> {
    @Override
    public Decision<AccountChange, Done> decide(AccountState state, AccountContext context) {
      return AccountDecisions.unlock(state, this);
    }
  }

  /** A mailbox has not answered: ask again in a while. */
  record ChoreFailed(Chore chore) implements AccountCommand, ToItself {}

  /**
   * What the store has of this account, read after it was sure that its node leads.
   *
   * @param sequenceNumber of the last change; empty: nobody can say
   */
  record StoreSaid(OptionalLong sequenceNumber) implements AccountCommand, ToItself {}

  /** To itself: time to do what the signal is named for. */
  enum Signal implements AccountCommand, ToItself {
    /** Ask the mailboxes again. */
    REMIND,
    /** Nobody has said anything for long. */
    IDLE,
    /** The session that had the maildrop before the account crashed or moved is not coming. */
    GRACE_OVER,
    /** Leave. */
    STOP
  }
}
