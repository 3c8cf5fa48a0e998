package dev.staffetta.ports.memory;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.FolderTree.Folder;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpecialUse;
import dev.staffetta.ports.UidSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

final class MemoryFolders implements Folders {
  private final MemoryMail mail;

  MemoryFolders(MemoryMail mail) {
    this.mail = mail;
  }

  @Override
  public CompletionStage<FolderTree> tree(AccountId account) {
    return mail.call(PortCall.TREE, () -> tree(mail.account(account)));
  }

  private static FolderTree tree(MemoryAccount account) {
    return new FolderTree(account.folders, account.subscriptions);
  }

  @Override
  public CompletionStage<MailboxId> create(
      AccountId account, String name, Optional<SpecialUse> use) {
    return mail.call(
        PortCall.CREATE,
        () -> {
          MemoryAccount owner = mail.account(account);
          String canonical = free(owner, name);
          addParents(owner, canonical);
          return owner.addFolder(canonical, use);
        });
  }

  @Override
  public CompletionStage<Void> delete(AccountId account, String name) {
    return mail.call(
        PortCall.DELETE,
        () -> {
          MemoryAccount owner = mail.account(account);
          String canonical = FolderTree.canonical(name);
          Folder folder = existing(owner, canonical);
          if (canonical.equals("INBOX")) {
            throw new Refusal(Refusal.Code.CANNOT, "INBOX cannot be deleted");
          }
          boolean hasChildren = tree(owner).hasChildren(canonical);
          if (folder.mailbox().isEmpty() && hasChildren) {
            throw new Refusal(Refusal.Code.CANNOT, canonical + " has inferiors and no mailbox");
          }
          if (hasChildren) {
            owner.folders.put(canonical, new Folder(Optional.empty(), Optional.empty()));
          } else {
            owner.folders.remove(canonical);
          }
          folder
              .mailbox()
              .map(id -> owner.mailboxes.remove(id.number()))
              .ifPresent(mailbox -> mailbox.tell(new MailboxEvent.Deleted()));
          return null;
        });
  }

  @Override
  public CompletionStage<Void> rename(AccountId account, String from, String to) {
    return mail.call(
        PortCall.RENAME,
        () -> {
          MemoryAccount owner = mail.account(account);
          String source = FolderTree.canonical(from);
          existing(owner, source);
          if (source.equals("INBOX")) {
            String target = free(owner, to);
            addParents(owner, target);
            moveInbox(owner, owner.addFolder(target, Optional.empty()));
          } else {
            renameTree(owner, source, FolderTree.canonical(to));
          }
          return null;
        });
  }

  private void moveInbox(MemoryAccount owner, MailboxId target) {
    MemoryMailbox inbox = owner.mailboxes.get(MailboxId.INBOX);
    List<Message> rows = inbox.view().messages().stream().toList();
    if (!rows.isEmpty()) {
      UidSet uids = UidSet.ofAscending(rows.stream().mapToLong(Message::uid));
      mail.memoryMailboxes()
          .transfer(MailboxId.inboxOf(owner.id), uids, target, ContentId.random(), true);
    }
  }

  private static void renameTree(MemoryAccount owner, String source, String target) {
    if (target.startsWith(source + DELIMITER)) {
      throw new Refusal(Refusal.Code.CANNOT, source + " cannot become its own inferior");
    }
    Map<String, Folder> renamed = new HashMap<>();
    for (String name : new ArrayList<>(owner.folders.keySet())) {
      if (name.equals(source) || name.startsWith(source + DELIMITER)) {
        String newName = target + name.substring(source.length());
        free(owner, newName);
        renamed.put(newName, owner.folders.get(name));
      }
    }
    owner
        .folders
        .keySet()
        .removeIf(name -> name.equals(source) || name.startsWith(source + DELIMITER));
    addParents(owner, target);
    owner.folders.putAll(renamed);
  }

  @Override
  public CompletionStage<Void> subscribe(AccountId account, String name) {
    return mail.call(
        PortCall.SUBSCRIBE,
        () -> {
          mail.account(account).subscriptions.add(FolderTree.canonical(name));
          return null;
        });
  }

  @Override
  public CompletionStage<Void> unsubscribe(AccountId account, String name) {
    return mail.call(
        PortCall.UNSUBSCRIBE,
        () -> {
          mail.account(account).subscriptions.remove(FolderTree.canonical(name));
          return null;
        });
  }

  /** The canonical form of a name that no mailbox has yet. */
  private static String free(MemoryAccount owner, String name) {
    String canonical = FolderTree.canonical(name);
    if (canonical.isEmpty()
        || canonical.startsWith("/")
        || canonical.endsWith("/")
        || canonical.contains("//")) {
      throw new Refusal(Refusal.Code.CANNOT, "no mailbox can be named '" + name + "'");
    }
    if (Optional.ofNullable(owner.folders.get(canonical)).flatMap(Folder::mailbox).isPresent()) {
      throw new Refusal(Refusal.Code.ALREADYEXISTS, canonical + " exists");
    }
    return canonical;
  }

  private static Folder existing(MemoryAccount owner, String canonical) {
    Folder folder = owner.folders.get(canonical);
    if (folder == null) {
      throw new Refusal(Refusal.Code.NONEXISTENT, "no mailbox " + canonical);
    }
    return folder;
  }

  private static void addParents(MemoryAccount owner, String name) {
    for (int i = name.indexOf(DELIMITER); i > 0; i = name.indexOf(DELIMITER, i + 1)) {
      owner.folders.putIfAbsent(
          name.substring(0, i), new Folder(Optional.empty(), Optional.empty()));
    }
  }
}
