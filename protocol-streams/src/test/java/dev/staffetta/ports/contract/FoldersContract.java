package dev.staffetta.ports.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.FolderTree.Folder;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes.Access;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpecialUse;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@link dev.staffetta.ports.Folders} does. */
public interface FoldersContract extends PortsUnderTest {
  @Test
  default void aNewAccountHasItsFolders() {
    AccountId account = newAccount();
    FolderTree tree = tree(account);
    assertThat(tree.mailbox("inbox")).contains(MailboxId.inboxOf(account));
    assertThat(tree.folders().values().stream().flatMap(f -> f.use().stream()))
        .containsExactlyInAnyOrder(SpecialUse.values());
    assertThat(tree.subscriptions()).containsAll(tree.folders().keySet());
  }

  @Test
  default void parentsAreMadeAsNamesOnly() {
    AccountId account = newAccount();
    MailboxId mailbox = await(folders().create(account, "a/b/c", Optional.empty()));
    FolderTree tree = tree(account);
    assertThat(tree.mailbox("a/b/c")).contains(mailbox);
    assertThat(tree.folders().get("a")).isEqualTo(new Folder(Optional.empty(), Optional.empty()));
    assertThat(tree.folders().get("a/b").mailbox()).isEmpty();
    MailboxId parent = await(folders().create(account, "a/b", Optional.of(SpecialUse.JUNK)));
    assertThat(tree(account).folders().get("a/b"))
        .isEqualTo(new Folder(Optional.of(parent), Optional.of(SpecialUse.JUNK)));
    assertThat(view(parent).uidValidity()).isNotEqualTo(view(mailbox).uidValidity());
  }

  @Test
  default void whatIsThereCannotBeMade() {
    AccountId account = newAccount();
    await(folders().create(account, "Übung", Optional.empty()));
    assertRefused(folders().create(account, "Übung", Optional.empty()), Refusal.Code.ALREADYEXISTS);
    assertRefused(folders().create(account, "inBox", Optional.empty()), Refusal.Code.ALREADYEXISTS);
    await(folders().create(account, "übung", Optional.empty()));
    await(folders().create(account, "inbox/sub", Optional.empty()));
    assertThat(tree(account).folders()).containsKey("INBOX/sub");
  }

  @Test
  default void aDeletedMailboxIsGoneForItsSessionsToo() throws InterruptedException {
    AccountId account = newAccount();
    MailboxId mailbox = await(folders().create(account, "a", Optional.empty()));
    append(mailbox, "x");
    long uidValidity = view(mailbox).uidValidity();
    BlockingQueue<MailboxEvent> events = new LinkedBlockingQueue<>();
    await(mailboxes().open(mailbox, Access.READ_WRITE, events::add));
    await(folders().delete(account, "a"));
    assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(new MailboxEvent.Deleted());
    assertRefused(mailboxes().view(mailbox), Refusal.Code.NONEXISTENT);
    assertThat(tree(account).folders()).doesNotContainKey("a");
    MailboxId again = await(folders().create(account, "a", Optional.empty()));
    assertThat(again).isNotEqualTo(mailbox);
    assertThat(view(again).messages().isEmpty()).isTrue();
    // RFC 9051 2.3.1.1: the name and the UIDVALIDITY together must not come again.
    assertThat(view(again).uidValidity()).isGreaterThan(uidValidity);
  }

  @Test
  default void aDeletedParentStaysAsAName() {
    AccountId account = newAccount();
    await(folders().create(account, "a", Optional.empty()));
    await(folders().create(account, "a/b", Optional.empty()));
    await(folders().delete(account, "a"));
    assertThat(tree(account).folders().get("a").mailbox()).isEmpty();
    assertThat(tree(account).mailbox("a/b")).isPresent();
    assertRefused(folders().delete(account, "a"), Refusal.Code.CANNOT);
    assertRefused(folders().delete(account, "Inbox"), Refusal.Code.CANNOT);
    assertRefused(folders().delete(account, "nothing"), Refusal.Code.NONEXISTENT);
  }

  @Test
  default void aRenameTakesInferiorsAlongAndKeepsTheMailboxes() {
    AccountId account = newAccount();
    MailboxId a = await(folders().create(account, "a", Optional.empty()));
    MailboxId ab = await(folders().create(account, "a/b", Optional.empty()));
    MailboxId ax = await(folders().create(account, "ax", Optional.empty()));
    long uid = append(ab, "text");
    await(folders().rename(account, "a", "new/parent/a"));
    FolderTree tree = tree(account);
    assertThat(tree.mailbox("new/parent/a")).contains(a);
    assertThat(tree.mailbox("new/parent/a/b")).contains(ab);
    assertThat(tree.mailbox("ax")).contains(ax);
    assertThat(tree.folders()).containsKeys("new", "new/parent").doesNotContainKeys("a", "a/b");
    assertThat(text(ab, uid)).isEqualTo("text");
    assertRefused(folders().rename(account, "a", "b"), Refusal.Code.NONEXISTENT);
    assertRefused(folders().rename(account, "ax", "new/parent/a"), Refusal.Code.ALREADYEXISTS);
  }

  /** RFC 9051 6.3.6: its messages move, it stays, and its inferiors are let be. */
  @Test
  default void aRenameOfInboxMovesItsMessages() {
    AccountId account = newAccount();
    MailboxId inbox = MailboxId.inboxOf(account);
    await(folders().create(account, "INBOX/sub", Optional.empty()));
    append(inbox, "one", "\\Seen", "$word");
    append(inbox, "two");
    await(folders().rename(account, "inbox", "old mail"));
    assertThat(view(inbox).messages().isEmpty()).isTrue();
    MailboxId old = folder(account, "old mail");
    assertThat(view(old).messages().size()).isEqualTo(2);
    assertThat(view(old).keywords()).containsExactly("$word");
    assertThat(text(old, view(old).messages().uid(1))).isEqualTo("one");
    assertThat(tree(account).folders()).containsKeys("INBOX", "INBOX/sub");
    assertThat(append(inbox, "three")).isGreaterThan(2);
  }

  @Test
  default void anySubscriptionIsKept() {
    AccountId account = newAccount();
    await(folders().subscribe(account, "not/there"));
    await(folders().unsubscribe(account, "INBOX"));
    await(folders().unsubscribe(account, "never subscribed"));
    assertThat(tree(account).subscriptions()).contains("not/there").doesNotContain("INBOX");
    await(folders().subscribe(account, "inbox"));
    assertThat(tree(account).subscriptions()).contains("INBOX");
  }

  private FolderTree tree(AccountId account) {
    return await(folders().tree(account));
  }
}
