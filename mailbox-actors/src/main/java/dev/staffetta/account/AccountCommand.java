package dev.staffetta.account;

import dev.staffetta.account.AccountState.Chore;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpecialUse;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.DecidedCommand;
import dev.staffetta.sharding.Decision;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.sharding.Question;
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
   * Makes the account with its first folders.
   *
   * @param passwordHash a PHC string
   * @param replyTo hears whether it is new
   */
  record Create(String passwordHash, ActorRef<Answer<Boolean>> replyTo) implements Change<Boolean> {
    @Override
    public Decision<AccountChange, Boolean> decide(AccountState state, AccountContext context) {
      return AccountDecisions.create(state, this, context);
    }
  }

  /** Gives it another password, as a PHC string. */
  record ChangePassword(String passwordHash, ActorRef<Answer<Done>> replyTo)
      implements Change<Done> {
    @Override
    public Decision<AccountChange, Done> decide(AccountState state, AccountContext context) {
      return AccountDecisions.changePassword(state, this);
    }
  }

  /** Removes the account; answered, with whether it was there, when nothing of its mail is left. */
  record Remove(ActorRef<Answer<Boolean>> replyTo) implements Change<Boolean> {
    @Override
    public Decision<AccountChange, Boolean> decide(AccountState state, AccountContext context) {
      return AccountDecisions.remove(state);
    }
  }

  /** RFC 9051 6.3.4. */
  record CreateFolder(String name, Optional<SpecialUse> use, ActorRef<Answer<MailboxId>> replyTo)
      implements Change<MailboxId> {
    @Override
    public Decision<AccountChange, MailboxId> decide(AccountState state, AccountContext context) {
      return AccountDecisions.createFolder(state, this, context);
    }
  }

  /** RFC 9051 6.3.5. */
  record DeleteFolder(String name, ActorRef<Answer<Done>> replyTo) implements Change<Done> {
    @Override
    public Decision<AccountChange, Done> decide(AccountState state, AccountContext context) {
      return AccountDecisions.deleteFolder(state, this);
    }
  }

  /** RFC 9051 6.3.6; INBOX's is answered when its messages have moved. */
  record RenameFolder(String from, String to, ActorRef<Answer<Done>> replyTo)
      implements Change<Done> {
    @Override
    public Decision<AccountChange, Done> decide(AccountState state, AccountContext context) {
      return AccountDecisions.renameFolder(state, this, context);
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
  record FinishChore(Chore chore, ActorRef<Answer<Done>> replyTo) implements Change<Done> {
    @Override
    public Decision<AccountChange, Done> decide(AccountState state, AccountContext context) {
      return AccountDecisions.finishChore(state, this);
    }
  }

  /** The password's hash, as a PHC string. */
  record GetPasswordHash(ActorRef<Answer<String>> replyTo)
      implements AccountCommand, Question<String> {}

  /** All names. */
  record GetTree(ActorRef<Answer<FolderTree>> replyTo)
      implements AccountCommand, Question<FolderTree> {}

  /** The UIDVALIDITY of a mailbox; empty: it is not there. */
  record FindMailbox(long number, ActorRef<Answer<OptionalLong>> replyTo)
      implements AccountCommand, Question<OptionalLong> {}

  /**
   * Locks the maildrop for a session (RFC 1939 8) until it ends or unlocks.
   *
   * @param holder is watched and answered
   */
  record LockMaildrop(ActorRef<Answer<Locked>> holder) implements AccountCommand {
    @Override
    public void refuse(Refusal.Code code, String text) {
      holder.tell(new Answer.Refused<>(code, text));
    }
  }

  /**
   * The maildrop is locked.
   *
   * @param account when it ends, the lock is to be taken again
   */
  record Locked(ActorRef<AccountCommand> account) implements EntityMessage {}

  /** Lets the next session in. */
  record UnlockMaildrop(ActorRef<Answer<Locked>> holder) implements AccountCommand {}

  /** A mailbox has not answered: ask again in a while. */
  record ChoreFailed(Chore chore) implements AccountCommand {}

  /** To itself: time to do what the signal is named for. */
  enum Signal implements AccountCommand {
    /** Ask the mailboxes again. */
    REMIND,
    /** Nobody has said anything for long. */
    IDLE,
    /** Leave. */
    STOP
  }
}
