package dev.staffetta.account;

import dev.staffetta.account.proto.AccountProto;
import dev.staffetta.sharding.VersionedSerializer;

/** Writes an account's changes and snapshots as {@code account.proto} says. */
public final class AccountSerializer extends VersionedSerializer {
  private static final int IDENTIFIER = 7302;

  /** Made by Pekko. */
  public AccountSerializer() {
    super(IDENTIFIER);
    form(
        "created.1",
        AccountChange.Created.class,
        change ->
            AccountProto.Created.newBuilder()
                .setPasswordHash(change.passwordHash())
                .addAllFolders(change.folders().stream().map(AccountEncoding::folder).toList())
                .build(),
        AccountProto.Created.parser(),
        change ->
            new AccountChange.Created(
                change.getPasswordHash(),
                change.getFoldersList().stream().map(AccountEncoding::folder).toList()));
    form(
        "password-changed.1",
        AccountChange.PasswordChanged.class,
        change ->
            AccountProto.PasswordChanged.newBuilder()
                .setPasswordHash(change.passwordHash())
                .build(),
        AccountProto.PasswordChanged.parser(),
        change -> new AccountChange.PasswordChanged(change.getPasswordHash()));
    form(
        "folder-created.1",
        AccountChange.FolderCreated.class,
        change ->
            AccountProto.FolderCreated.newBuilder()
                .setFolder(AccountEncoding.folder(change.folder()))
                .build(),
        AccountProto.FolderCreated.parser(),
        change -> new AccountChange.FolderCreated(AccountEncoding.folder(change.getFolder())));
    form(
        "folder-deleted.1",
        AccountChange.FolderDeleted.class,
        change -> AccountProto.FolderDeleted.newBuilder().setName(change.name()).build(),
        AccountProto.FolderDeleted.parser(),
        change -> new AccountChange.FolderDeleted(change.getName()));
    form(
        "folder-renamed.1",
        AccountChange.FolderRenamed.class,
        change ->
            AccountProto.FolderRenamed.newBuilder()
                .setFrom(change.from())
                .setTo(change.to())
                .build(),
        AccountProto.FolderRenamed.parser(),
        change -> new AccountChange.FolderRenamed(change.getFrom(), change.getTo()));
    form(
        "inbox-renamed.1",
        AccountChange.InboxRenamed.class,
        change ->
            AccountProto.InboxRenamed.newBuilder()
                .setFolder(AccountEncoding.folder(change.folder()))
                .build(),
        AccountProto.InboxRenamed.parser(),
        change -> new AccountChange.InboxRenamed(AccountEncoding.folder(change.getFolder())));
    form(
        "subscribed.1",
        AccountChange.Subscribed.class,
        change -> AccountProto.Subscribed.newBuilder().setName(change.name()).build(),
        AccountProto.Subscribed.parser(),
        change -> new AccountChange.Subscribed(change.getName()));
    form(
        "unsubscribed.1",
        AccountChange.Unsubscribed.class,
        change -> AccountProto.Unsubscribed.newBuilder().setName(change.name()).build(),
        AccountProto.Unsubscribed.parser(),
        change -> new AccountChange.Unsubscribed(change.getName()));
    form(
        "chore-done.1",
        AccountChange.ChoreDone.class,
        change ->
            AccountProto.ChoreDone.newBuilder()
                .setChore(AccountEncoding.chore(change.chore()))
                .build(),
        AccountProto.ChoreDone.parser(),
        change -> new AccountChange.ChoreDone(AccountEncoding.chore(change.getChore())));
    form(
        "recipients-submitted.1",
        AccountChange.RecipientsSubmitted.class,
        change -> AccountEncoding.submitted(change.slot(), change.recipients()),
        AccountProto.RecipientsSubmitted.parser(),
        change -> new AccountChange.RecipientsSubmitted(change.getSlot(), change.getRecipients()));
    form(
        "maildrop-locked.1",
        AccountChange.MaildropLocked.class,
        change -> AccountEncoding.maildropLocked(change.lease()),
        AccountProto.MaildropLocked.parser(),
        change -> new AccountChange.MaildropLocked(AccountEncoding.maildropLease(change)));
    form(
        "maildrop-unlocked.1",
        AccountChange.MaildropUnlocked.class,
        change -> AccountProto.MaildropUnlocked.getDefaultInstance(),
        AccountProto.MaildropUnlocked.parser(),
        change -> new AccountChange.MaildropUnlocked());
    form(
        "operation-done.1",
        AccountChange.OperationDone.class,
        change -> AccountEncoding.operation(change.operation(), change.number()),
        AccountProto.OperationDone.parser(),
        change ->
            new AccountChange.OperationDone(AccountEncoding.operation(change), change.getNumber()));
    form(
        "removed.1",
        AccountChange.Removed.class,
        change -> AccountProto.Removed.getDefaultInstance(),
        AccountProto.Removed.parser(),
        change -> new AccountChange.Removed());
    form(
        "snapshot.1",
        AccountState.class,
        AccountEncoding::snapshot,
        AccountProto.Snapshot.parser(),
        AccountEncoding::snapshot);
  }
}
