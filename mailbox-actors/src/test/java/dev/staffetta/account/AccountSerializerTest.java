package dev.staffetta.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.account.AccountChange.NewFolder;
import dev.staffetta.account.AccountState.Chore;
import dev.staffetta.account.AccountState.Folder;
import dev.staffetta.account.AccountState.Mailbox;
import dev.staffetta.account.AccountState.Stage;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.SpecialUse;
import dev.staffetta.sharding.GoldenFiles;
import dev.staffetta.sharding.Operations;
import java.io.NotSerializableException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AccountSerializerTest {
  private static final String HASH =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  private static final NewFolder FOLDER =
      new NewFolder("Entwürfe/été", 9, 1_790_000_000L, Optional.of(SpecialUse.DRAFTS));

  private static final Map<String, Object> VALUES =
      Map.ofEntries(
          Map.entry(
              "created.1",
              new AccountChange.Created(
                  HASH, List.of(new NewFolder("INBOX", 1, 5, Optional.empty()), FOLDER))),
          Map.entry("password-changed.1", new AccountChange.PasswordChanged(HASH)),
          Map.entry("folder-created.1", new AccountChange.FolderCreated(FOLDER)),
          Map.entry("folder-deleted.1", new AccountChange.FolderDeleted("a/b")),
          Map.entry("folder-renamed.1", new AccountChange.FolderRenamed("a", "b/c")),
          Map.entry("inbox-renamed.1", new AccountChange.InboxRenamed(FOLDER)),
          Map.entry("subscribed.1", new AccountChange.Subscribed("x")),
          Map.entry("unsubscribed.1", new AccountChange.Unsubscribed("y")),
          Map.entry(
              "chore-done.1",
              new AccountChange.ChoreDone(new Chore.DeleteMailbox(new Mailbox(1, 6)))),
          Map.entry("maildrop-locked.1", new AccountChange.MaildropLocked(new ContentId(1, 2))),
          Map.entry("maildrop-unlocked.1", new AccountChange.MaildropUnlocked()),
          Map.entry("operation-done.1", new AccountChange.OperationDone(new ContentId(3, 4), 11)),
          Map.entry("recipients-submitted.1", new AccountChange.RecipientsSubmitted(2_980_000, 25)),
          Map.entry("removed.1", new AccountChange.Removed()),
          Map.entry(
              "snapshot.1",
              new AccountState(
                  new AccountId("alice@example.com"),
                  Stage.ACTIVE,
                  HASH,
                  new TreeMap<>(
                      Map.of(
                          "INBOX",
                          new Folder(Optional.of(new Mailbox(1, 5)), Optional.empty()),
                          "a",
                          Folder.PARENT,
                          "a/Trash",
                          new Folder(
                              Optional.of(new Mailbox(4, 8)), Optional.of(SpecialUse.TRASH)))),
                  new TreeSet<>(List.of("INBOX", "gone")),
                  12,
                  1_790_000_009L,
                  List.of(new Chore.MoveInbox(11), new Chore.DeleteMailbox(new Mailbox(3, 7))),
                  Optional.empty(),
                  Operations.none(Operations.FEW),
                  SubmittedRecipients.NONE)));

  private final AccountSerializer serializer = new AccountSerializer();

  @Test
  void bytesOfEveryVersionAreRead() {
    GoldenFiles.assertAllAreRead("account", serializer, VALUES);
  }

  @Test
  void allComesBackEqual() throws NotSerializableException {
    for (Map.Entry<String, Object> entry : VALUES.entrySet()) {
      assertThat(serializer.fromBinary(serializer.toBinary(entry.getValue()), entry.getKey()))
          .isEqualTo(entry.getValue());
    }
  }

  @Test
  void snapshotHasTheMaildropAndWhatWasDone() throws NotSerializableException {
    AccountState state =
        AccountState.absent(new AccountId("alice@example.com"))
            .withLease(Optional.of(new ContentId(1, 2)))
            .remembering(new ContentId(3, 4), 5)
            .remembering(new ContentId(6, 7), 0)
            .withSubmitted(2_980_000, 25)
            .withSubmitted(2_980_001, 3);
    assertThat(serializer.fromBinary(serializer.toBinary(state), "snapshot.1")).isEqualTo(state);
  }
}
