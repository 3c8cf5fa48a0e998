package dev.staffetta.ports.memory;

import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.FolderTree.Folder;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.SpecialUse;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.util.ByteString;

/** What one account owns. Only touched under the lock of its {@link MemoryMail}. */
final class MemoryAccount {
  record Content(ByteString bytes, MessageSummary summary) {}

  private static final Map<String, SpecialUse> FIRST_FOLDERS =
      Map.of(
          "Archive", SpecialUse.ARCHIVE,
          "Drafts", SpecialUse.DRAFTS,
          "Junk", SpecialUse.JUNK,
          "Sent", SpecialUse.SENT,
          "Trash", SpecialUse.TRASH);

  final AccountId id;
  final TreeMap<String, Folder> folders = new TreeMap<>();
  final TreeSet<String> subscriptions = new TreeSet<>();
  final Map<Long, MemoryMailbox> mailboxes = new HashMap<>();
  final Map<ContentId, Content> contents = new HashMap<>();
  String password;
  boolean maildropLocked;
  private final Collection<Subscription> told;
  private long lastMailbox;
  private long lastUidValidity = 1000;

  MemoryAccount(AccountId id, String password, Collection<Subscription> told) {
    this.id = id;
    this.password = password;
    this.told = told;
    lastMailbox = MailboxId.INBOX - 1;
    addFolder("INBOX", Optional.empty());
    new TreeMap<>(FIRST_FOLDERS).forEach((name, use) -> addFolder(name, Optional.of(use)));
    subscriptions.addAll(folders.keySet());
  }

  MailboxId addFolder(String name, Optional<SpecialUse> use) {
    MailboxId mailbox = new MailboxId(id, ++lastMailbox);
    mailboxes.put(mailbox.number(), new MemoryMailbox(mailbox, ++lastUidValidity, told));
    folders.put(name, new Folder(Optional.of(mailbox), use));
    return mailbox;
  }
}
