package dev.staffetta.account;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.SpecialUse;
import dev.staffetta.sharding.Operations;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that an account knows. Immutable; only {@link AccountChange}s make a new one.
 *
 * @param passwordHash a PHC string; empty unless ACTIVE
 * @param folders by name; names that are only parents have no mailbox
 * @param subscriptions names, whether they exist or not
 * @param nextNumber of the next mailbox; a number is never used again, but INBOX's
 * @param lastUidValidity the highest ever given, so that a name that is used again gets a higher
 *     one
 * @param chores what is still to be done at mailboxes
 * @param maildropLease of the POP3 session that has the maildrop
 * @param operations changes of late that must not be made twice
 * @param submitted to how many recipients it has sent of late
 */
record AccountState(
    AccountId id,
    Stage stage,
    String passwordHash,
    SortedMap<String, Folder> folders,
    SortedSet<String> subscriptions,
    long nextNumber,
    long lastUidValidity,
    List<Chore> chores,
    Optional<ContentId> maildropLease,
    Operations<Long> operations,
    SubmittedRecipients submitted) {

  /** Whether the account is there. */
  enum Stage {
    ABSENT,
    ACTIVE,
    /** Gone; its mailboxes may still be on their way out. */
    REMOVED
  }

  /** A name. */
  record Folder(Optional<Mailbox> mailbox, Optional<SpecialUse> use) {
    static final Folder PARENT = new Folder(Optional.empty(), Optional.empty());
  }

  /** The mailbox of a name. */
  record Mailbox(long number, long uidValidity) {}

  /** Work at another entity that a change has made necessary; done again until it is answered. */
  sealed interface Chore {
    /** A mailbox that has no name any more goes. */
    record DeleteMailbox(Mailbox mailbox) implements Chore {}

    /** INBOX was renamed: what is in it moves to the mailbox of the new name. */
    record MoveInbox(long target) implements Chore {}
  }

  AccountState {
    folders = Collections.unmodifiableSortedMap(folders);
    subscriptions = Collections.unmodifiableSortedSet(subscriptions);
    chores = List.copyOf(chores);
  }

  /** Before the first change. */
  static AccountState absent(AccountId id) {
    return new AccountState(
        id,
        Stage.ABSENT,
        "",
        new TreeMap<>(),
        new TreeSet<>(),
        MailboxId.INBOX + 1,
        0,
        List.of(),
        Optional.empty(),
        Operations.none(Operations.FEW),
        SubmittedRecipients.NONE);
  }

  /** As LIST sees it. */
  FolderTree tree() {
    SortedMap<String, FolderTree.Folder> result = new TreeMap<>();
    folders.forEach(
        (name, folder) ->
            result.put(
                name,
                new FolderTree.Folder(
                    folder.mailbox().map(mailbox -> new MailboxId(id, mailbox.number())),
                    folder.use())));
    return new FolderTree(result, subscriptions);
  }

  /** The UIDVALIDITY of the mailbox with this number; empty: there is none. */
  OptionalLong uidValidity(long number) {
    for (Folder folder : folders.values()) {
      if (folder.mailbox().isPresent() && folder.mailbox().get().number() == number) {
        return OptionalLong.of(folder.mailbox().get().uidValidity());
      }
    }
    return OptionalLong.empty();
  }

  /** Names below a name, with that name's whole prefix. */
  SortedMap<String, Folder> inferiors(String name) {
    String prefix = name + Folders.DELIMITER;
    return folders.subMap(prefix, name + (char) (Folders.DELIMITER + 1));
  }

  AccountState active(String hash, List<AccountChange.NewFolder> created) {
    AccountState state =
        new AccountState(
            id,
            Stage.ACTIVE,
            hash,
            new TreeMap<>(),
            new TreeSet<>(),
            nextNumber,
            lastUidValidity,
            chores,
            Optional.empty(),
            operations,
            submitted);
    for (AccountChange.NewFolder folder : created) {
      state = state.withFolder(folder).withSubscription(folder.name());
    }
    return state;
  }

  AccountState withPassword(String hash) {
    return new AccountState(
        id,
        stage,
        hash,
        folders,
        subscriptions,
        nextNumber,
        lastUidValidity,
        chores,
        maildropLease,
        operations,
        submitted);
  }

  /** With a mailbox under a name, and its missing parents. */
  AccountState withFolder(AccountChange.NewFolder created) {
    NavigableMap<String, Folder> result = new TreeMap<>(folders);
    addParents(result, created.name());
    result.put(
        created.name(),
        new Folder(
            Optional.of(new Mailbox(created.number(), created.uidValidity())), created.use()));
    return new AccountState(
        id,
        stage,
        passwordHash,
        result,
        subscriptions,
        Math.max(nextNumber, created.number() + 1),
        Math.max(lastUidValidity, created.uidValidity()),
        chores,
        maildropLease,
        operations,
        submitted);
  }

  private static void addParents(SortedMap<String, Folder> folders, String name) {
    for (int at = name.indexOf(Folders.DELIMITER);
        at > 0;
        at = name.indexOf(Folders.DELIMITER, at + 1)) {
      folders.putIfAbsent(name.substring(0, at), Folder.PARENT);
    }
  }

  /** Without a name's mailbox; the name stays while it has inferiors. */
  AccountState withoutFolder(String name) {
    NavigableMap<String, Folder> result = new TreeMap<>(folders);
    Folder folder = result.remove(name);
    if (!inferiors(name).isEmpty()) {
      result.put(name, Folder.PARENT);
    }
    return withFolders(result, plus(chores, deletion(folder)));
  }

  /** With other names for a folder and all below it. */
  AccountState renamed(String from, String to) {
    NavigableMap<String, Folder> result = new TreeMap<>(folders);
    Folder folder = result.remove(from);
    inferiors(from).keySet().forEach(result::remove);
    addParents(result, to);
    result.put(to, folder);
    inferiors(from).forEach((name, below) -> result.put(to + name.substring(from.length()), below));
    return withFolders(result, chores);
  }

  AccountState withSubscription(String name) {
    SortedSet<String> result = new TreeSet<>(subscriptions);
    result.add(name);
    return withSubscriptions(result);
  }

  AccountState withoutSubscription(String name) {
    SortedSet<String> result = new TreeSet<>(subscriptions);
    result.remove(name);
    return withSubscriptions(result);
  }

  AccountState withChore(Chore chore) {
    return withFolders(folders, plus(chores, List.of(chore)));
  }

  AccountState withoutChore(Chore chore) {
    return withFolders(folders, chores.stream().filter(other -> !other.equals(chore)).toList());
  }

  AccountState removed() {
    List<Chore> result = chores;
    for (Folder folder : folders.values()) {
      result = plus(result, deletion(folder));
    }
    return new AccountState(
        id,
        Stage.REMOVED,
        "",
        new TreeMap<>(),
        new TreeSet<>(),
        nextNumber,
        lastUidValidity,
        result,
        Optional.empty(),
        operations,
        submitted);
  }

  private static List<Chore> deletion(Folder folder) {
    return folder.mailbox().<Chore>map(Chore.DeleteMailbox::new).stream().toList();
  }

  private static List<Chore> plus(List<Chore> chores, List<Chore> more) {
    List<Chore> result = new ArrayList<>(chores);
    result.addAll(more);
    return result;
  }

  private AccountState withFolders(SortedMap<String, Folder> newFolders, List<Chore> newChores) {
    return new AccountState(
        id,
        stage,
        passwordHash,
        newFolders,
        subscriptions,
        nextNumber,
        lastUidValidity,
        newChores,
        maildropLease,
        operations,
        submitted);
  }

  private AccountState withSubscriptions(SortedSet<String> newSubscriptions) {
    return new AccountState(
        id,
        stage,
        passwordHash,
        folders,
        newSubscriptions,
        nextNumber,
        lastUidValidity,
        chores,
        maildropLease,
        operations,
        submitted);
  }

  AccountState withLease(Optional<ContentId> lease) {
    return with(lease, operations, submitted);
  }

  AccountState remembering(ContentId operation, long number) {
    return with(maildropLease, operations.plus(operation, number), submitted);
  }

  AccountState withSubmitted(long slot, int recipients) {
    return with(maildropLease, operations, submitted.plus(slot, recipients));
  }

  private AccountState with(
      Optional<ContentId> newLease,
      Operations<Long> newOperations,
      SubmittedRecipients newSubmitted) {
    return new AccountState(
        id,
        stage,
        passwordHash,
        folders,
        subscriptions,
        nextNumber,
        lastUidValidity,
        chores,
        newLease,
        newOperations,
        newSubmitted);
  }
}
