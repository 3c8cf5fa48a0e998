package dev.staffetta.account;

import dev.staffetta.account.AccountChange.NewFolder;
import dev.staffetta.account.AccountState.Folder;
import dev.staffetta.account.AccountState.Stage;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpecialUse;
import dev.staffetta.sharding.Decision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.Done;

/** What an account does on each command: pure functions of its state. */
final class AccountDecisions {
  static final String INBOX = "INBOX";

  /** The folders of a new account beside INBOX (RFC 6154 2). */
  private static final Map<String, SpecialUse> FIRST_FOLDERS = new LinkedHashMap<>();

  static {
    FIRST_FOLDERS.put("Archive", SpecialUse.ARCHIVE);
    FIRST_FOLDERS.put("Drafts", SpecialUse.DRAFTS);
    FIRST_FOLDERS.put("Junk", SpecialUse.JUNK);
    FIRST_FOLDERS.put("Sent", SpecialUse.SENT);
    FIRST_FOLDERS.put("Trash", SpecialUse.TRASH);
  }

  private AccountDecisions() {}

  static Decision<AccountChange, Boolean> create(
      AccountState state, AccountCommand.Create command, AccountContext context) {
    if (state.stage() == Stage.ACTIVE) {
      return Decision.answer(false);
    }
    if (!state.chores().isEmpty()) {
      throw new Refusal(
          Refusal.Code.UNAVAILABLE, state.id() + " is still being removed, try again in a moment");
    }
    long uidValidity = nextUidValidity(state, context);
    List<NewFolder> folders = new ArrayList<>();
    folders.add(new NewFolder(INBOX, MailboxId.INBOX, uidValidity, Optional.empty()));
    long number = state.nextNumber();
    for (Map.Entry<String, SpecialUse> folder : FIRST_FOLDERS.entrySet()) {
      folders.add(
          new NewFolder(folder.getKey(), number++, ++uidValidity, Optional.of(folder.getValue())));
    }
    return Decision.answer(
        true, List.of(new AccountChange.Created(command.passwordHash(), folders)));
  }

  static Decision<AccountChange, Done> changePassword(
      AccountState state, AccountCommand.ChangePassword command) {
    requireActive(state);
    boolean isWanted = command.insteadOf().filter(h -> !h.equals(state.passwordHash())).isEmpty();
    return isWanted
        ? done(new AccountChange.PasswordChanged(command.passwordHash()))
        : Decision.answer(Done.getInstance());
  }

  static Decision<AccountChange, Boolean> remove(AccountState state) {
    if (state.stage() == Stage.ACTIVE) {
      return Decision.later(List.of(new AccountChange.Removed()));
    }
    return state.chores().isEmpty() ? Decision.answer(false) : Decision.later(List.of());
  }

  /** It was removed; its mail may still be on its way out. */
  static Decision<AccountChange, Boolean> removeAgain(AccountState state) {
    return state.stage() == Stage.REMOVED && !state.chores().isEmpty()
        ? Decision.later(List.of())
        : Decision.answer(true);
  }

  static Decision<AccountChange, MailboxId> createFolder(
      AccountState state, AccountCommand.CreateFolder command, AccountContext context) {
    requireActive(state);
    NewFolder folder = newFolder(state, command.name(), command.use(), context);
    return Decision.answer(
        new MailboxId(state.id(), folder.number()),
        List.of(new AccountChange.FolderCreated(folder)));
  }

  private static NewFolder newFolder(
      AccountState state, String wanted, Optional<SpecialUse> use, AccountContext context) {
    String name = FolderNames.valid(wanted, context.settings());
    requireFree(state, name);
    if (state.folders().size() + missingParents(state, name) >= context.settings().maxFolders()) {
      throw new Refusal(
          Refusal.Code.LIMIT,
          "an account has at most " + context.settings().maxFolders() + " folders");
    }
    return new NewFolder(name, state.nextNumber(), nextUidValidity(state, context), use);
  }

  /** A name that is only a parent may become a mailbox. */
  private static void requireFree(AccountState state, String name) {
    Folder folder = state.folders().get(name);
    if (folder != null && folder.mailbox().isPresent()) {
      throw new Refusal(Refusal.Code.ALREADYEXISTS, "the folder exists already");
    }
  }

  private static int missingParents(AccountState state, String name) {
    int missing = 0;
    for (int at = name.indexOf(Folders.DELIMITER);
        at > 0;
        at = name.indexOf(Folders.DELIMITER, at + 1)) {
      missing += state.folders().containsKey(name.substring(0, at)) ? 0 : 1;
    }
    return missing;
  }

  static Decision<AccountChange, Done> deleteFolder(
      AccountState state, AccountCommand.DeleteFolder command) {
    requireActive(state);
    String name = FolderTree.canonical(command.name());
    if (name.equals(INBOX)) {
      throw new Refusal(Refusal.Code.CANNOT, "INBOX cannot be deleted");
    }
    Folder folder = require(state, name);
    if (folder.mailbox().isEmpty() && !state.inferiors(name).isEmpty()) {
      throw new Refusal(
          Refusal.Code.CANNOT, "the name has folders below it and no mailbox of its own");
    }
    return done(new AccountChange.FolderDeleted(name));
  }

  static Decision<AccountChange, Done> renameFolder(
      AccountState state, AccountCommand.RenameFolder command, AccountContext context) {
    requireActive(state);
    String from = FolderTree.canonical(command.from());
    if (from.equals(INBOX)) {
      NewFolder folder = newFolder(state, command.to(), Optional.empty(), context);
      return Decision.later(List.of(new AccountChange.InboxRenamed(folder)));
    }
    require(state, from);
    String to = FolderNames.valid(command.to(), context.settings());
    if (state.folders().containsKey(to)) {
      throw new Refusal(Refusal.Code.ALREADYEXISTS, "the folder exists already");
    }
    if (to.startsWith(from + Folders.DELIMITER)) {
      throw new Refusal(Refusal.Code.CANNOT, "a folder cannot become its own inferior");
    }
    for (String below : state.inferiors(from).keySet()) {
      FolderNames.valid(to + below.substring(from.length()), context.settings());
    }
    if (state.folders().size() + missingParents(state, to) > context.settings().maxFolders()) {
      throw new Refusal(
          Refusal.Code.LIMIT,
          "an account has at most " + context.settings().maxFolders() + " folders");
    }
    return done(new AccountChange.FolderRenamed(from, to));
  }

  /**
   * It was renamed; INBOX's messages may still be on their way.
   *
   * @param number of the mailbox that they go to; 0: it was not INBOX
   */
  static Decision<AccountChange, Done> renameAgain(AccountState state, long number) {
    return state.chores().contains(new AccountState.Chore.MoveInbox(number))
        ? Decision.later(List.of())
        : Decision.answer(Done.getInstance());
  }

  /** The mailbox that a command made; 0: none. */
  static long numberMadeBy(List<AccountChange> changes) {
    for (AccountChange change : changes) {
      if (change instanceof AccountChange.FolderCreated created) {
        return created.folder().number();
      }
      if (change instanceof AccountChange.InboxRenamed renamed) {
        return renamed.folder().number();
      }
    }
    return 0;
  }

  /** RFC 1939 8; the account itself knows whether the session that has it is still there. */
  static Decision<AccountChange, AccountCommand.Locked> lock(
      AccountState state, AccountCommand.LockMaildrop command) {
    requireActive(state);
    if (state.maildropLease().isEmpty()) {
      return Decision.later(List.of(new AccountChange.MaildropLocked(command.lease())));
    }
    if (!state.maildropLease().get().equals(command.lease())) {
      throw new Refusal(Refusal.Code.INUSE, "another session has the maildrop");
    }
    return Decision.later(List.of());
  }

  static Decision<AccountChange, Done> unlock(
      AccountState state, AccountCommand.UnlockMaildrop command) {
    return state.maildropLease().equals(Optional.of(command.lease()))
        ? done(new AccountChange.MaildropUnlocked())
        : Decision.answer(Done.getInstance());
  }

  static Decision<AccountChange, Done> subscribe(
      AccountState state, AccountCommand.Subscribe command, AccountContext context) {
    requireActive(state);
    String name = FolderNames.subscribable(command.name(), context.settings());
    if (state.subscriptions().contains(name)) {
      return Decision.answer(Done.getInstance());
    }
    if (state.subscriptions().size() >= context.settings().maxFolders()) {
      throw new Refusal(
          Refusal.Code.LIMIT,
          "an account has at most " + context.settings().maxFolders() + " subscriptions");
    }
    return done(new AccountChange.Subscribed(name));
  }

  static Decision<AccountChange, Done> unsubscribe(
      AccountState state, AccountCommand.Unsubscribe command) {
    requireActive(state);
    String name = FolderTree.canonical(command.name());
    return state.subscriptions().contains(name)
        ? done(new AccountChange.Unsubscribed(name))
        : Decision.answer(Done.getInstance());
  }

  static Decision<AccountChange, Done> finishChore(
      AccountState state, AccountCommand.FinishChore command) {
    return state.chores().contains(command.chore())
        ? done(new AccountChange.ChoreDone(command.chore()))
        : Decision.answer(Done.getInstance());
  }

  /** Strictly growing (RFC 9051 2.3.1.1), and never one that a mailbox here has had. */
  private static long nextUidValidity(AccountState state, AccountContext context) {
    return Math.max(context.now().getEpochSecond(), state.lastUidValidity() + 1);
  }

  static void requireActive(AccountState state) {
    if (state.stage() != Stage.ACTIVE) {
      throw new Refusal(Refusal.Code.NONEXISTENT, "there is no account " + state.id());
    }
  }

  private static Folder require(AccountState state, String name) {
    Folder folder = state.folders().get(name);
    if (folder == null) {
      throw new Refusal(Refusal.Code.NONEXISTENT, "there is no such folder");
    }
    return folder;
  }

  private static Decision<AccountChange, Done> done(AccountChange change) {
    return Decision.answer(Done.getInstance(), List.of(change));
  }
}
