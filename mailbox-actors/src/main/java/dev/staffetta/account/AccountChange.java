package dev.staffetta.account;

import dev.staffetta.account.AccountState.Chore;
import dev.staffetta.journal.MakesRoom;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.SpecialUse;
import java.util.List;
import java.util.Optional;

/**
 * What is written of an account. How it looks in bytes says {@code account.proto}; those bytes are
 * read for ever.
 */
public sealed interface AccountChange extends MakesRoom {
  /** The account after this. */
  AccountState applyTo(AccountState state);

  /** Removals are written when the disk is nearly full too. */
  @Override
  default boolean makesRoom() {
    return false;
  }

  /** A name with a mailbox. */
  record NewFolder(String name, long number, long uidValidity, Optional<SpecialUse> use) {}

  /** The account is there, with its first folders, subscribed. */
  record Created(String passwordHash, List<NewFolder> folders) implements AccountChange {
    public Created {
      folders = List.copyOf(folders);
    }

    @Override
    public AccountState applyTo(AccountState state) {
      return state.active(passwordHash, folders);
    }
  }

  /** It has another password. */
  record PasswordChanged(String passwordHash) implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.withPassword(passwordHash);
    }
  }

  /** A mailbox was made, and its missing parents as mere names. */
  record FolderCreated(NewFolder folder) implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.withFolder(folder);
    }
  }

  /** A mailbox was deleted, or a mere name. */
  record FolderDeleted(String name) implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.withoutFolder(name);
    }

    @Override
    public boolean makesRoom() {
      return true;
    }
  }

  /** A name and all below it are called otherwise. */
  record FolderRenamed(String from, String to) implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.renamed(from, to);
    }
  }

  /** INBOX's messages belong to a new mailbox; INBOX stays, empty (RFC 9051 6.3.6). */
  record InboxRenamed(NewFolder folder) implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.withFolder(folder).withChore(new Chore.MoveInbox(folder.number()));
    }
  }

  record Subscribed(String name) implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.withSubscription(name);
    }
  }

  record Unsubscribed(String name) implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.withoutSubscription(name);
    }

    @Override
    public boolean makesRoom() {
      return true;
    }
  }

  /** A mailbox did what was asked of it. */
  record ChoreDone(Chore chore) implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.withoutChore(chore);
    }

    @Override
    public boolean makesRoom() {
      return true;
    }
  }

  /**
   * It has sent to so many recipients more.
   *
   * @param slot see {@link SubmittedRecipients}
   */
  record RecipientsSubmitted(long slot, int recipients) implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.withSubmitted(slot, recipients);
    }
  }

  /** The account is no more; its mailboxes go after it. */
  record Removed() implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.removed();
    }

    @Override
    public boolean makesRoom() {
      return true;
    }
  }

  /** A POP3 session has the maildrop. */
  record MaildropLocked(ContentId lease) implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.withLease(Optional.of(lease));
    }

    /** Whoever deletes mail by POP3 needs it. */
    @Override
    public boolean makesRoom() {
      return true;
    }
  }

  /** The next session may have the maildrop. */
  record MaildropUnlocked() implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.withLease(Optional.empty());
    }

    @Override
    public boolean makesRoom() {
      return true;
    }
  }

  /**
   * The changes written with this one are all of a command that must not be carried out twice.
   *
   * @param number of the mailbox that it made; 0: none
   */
  record OperationDone(ContentId operation, long number) implements AccountChange {
    @Override
    public AccountState applyTo(AccountState state) {
      return state.remembering(operation, number);
    }

    /** What is written with it says whether there is room. */
    @Override
    public boolean makesRoom() {
      return true;
    }
  }
}
