package dev.staffetta.ports.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Accounts.MaildropLock;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Deliveries.Recipient;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes.Access;
import dev.staffetta.ports.Mailboxes.Copied;
import dev.staffetta.ports.Mailboxes.Expunge;
import dev.staffetta.ports.Mailboxes.StoreMode;
import dev.staffetta.ports.Mailboxes.Stored;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.ports.UidSet;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class MemoryMailTest {
  private final MemoryMail mail = new MemoryMail();
  private final AccountId alice = mail.addAccount("alice@example.com", "secret");
  private final MailboxId inbox = MailboxId.inboxOf(alice);
  private final List<MailboxEvent> events = new ArrayList<>();

  @Test
  void aPasswordIsRightOrWrong() {
    InetAddress client = InetAddress.getLoopbackAddress();
    assertThat(now(mail.accounts().authenticate("Alice@Example.com", "secret", client)))
        .isEqualTo(alice);
    assertRefused(
        mail.accounts().authenticate("alice@example.com", "Secret", client), Refusal.Code.NOPERM);
    assertRefused(mail.accounts().authenticate("nobody", "", client), Refusal.Code.NOPERM);
  }

  @Test
  void oneSessionHasTheMaildrop() {
    MaildropLock lock = now(mail.accounts().lockMaildrop(alice));
    assertRefused(mail.accounts().lockMaildrop(alice), Refusal.Code.INUSE);
    lock.release();
    MaildropLock next = now(mail.accounts().lockMaildrop(alice));
    lock.release();
    assertThat(mail.isMaildropLocked(alice)).isTrue();
    next.release();
    assertThat(mail.isMaildropLocked(alice)).isFalse();
  }

  @Test
  void listenersHearOfEveryChangeInOrder() {
    OpenMailbox open = now(mail.mailboxes().open(inbox, Access.READ_WRITE, events::add));
    mail.put(alice, "one");
    mail.put(alice, "two");
    now(
        mail.mailboxes()
            .store(
                inbox, UidSet.of(1, 9), StoreMode.ADD, Set.of("\\Seen", "$x"), Optional.empty()));
    now(mail.mailboxes().expunge(inbox, new Expunge.Exactly(UidSet.of(1))));
    assertThat(events).hasSize(4);
    long modseq = open.view().highestModseq();
    for (MailboxEvent event : events) {
      MailboxEvent.Changed changed = (MailboxEvent.Changed) event;
      assertThat(changed.sinceModseq()).isEqualTo(modseq);
      modseq = changed.modseq();
    }
    MailboxEvent.Changed stored = (MailboxEvent.Changed) events.get(2);
    assertThat(stored.keywords()).containsExactly("$x");
    assertThat(stored.changed())
        .extracting(Message::flags)
        .containsExactly(Flags.SEEN | Flags.keyword(0));
    assertThat(((MailboxEvent.Changed) events.get(3)).expunged()).isEqualTo(UidSet.of(1));
    open.close();
    mail.put(alice, "three");
    assertThat(events).hasSize(4);
  }

  @Test
  void recentIsTakenByTheFirstWriter() {
    mail.put(alice, "one");
    assertThat(now(mail.mailboxes().open(inbox, Access.READ_ONLY, e -> {})).recentFrom())
        .isEqualTo(1);
    OpenMailbox writer = now(mail.mailboxes().open(inbox, Access.READ_WRITE, e -> {}));
    assertThat(writer.recentFrom()).isEqualTo(1);
    mail.put(alice, "two");
    assertThat(now(mail.mailboxes().open(inbox, Access.READ_WRITE, e -> {})).recentFrom())
        .isEqualTo(3);
  }

  @Test
  void storeLeavesAloneWhatChangedSince() {
    mail.put(alice, "one");
    mail.put(alice, "two");
    long before = mail.view(inbox).highestModseq();
    now(store(UidSet.of(1), StoreMode.REPLACE, Set.of("\\Flagged"), Optional.empty()));
    assertThat(
            now(store(UidSet.of(1, 2), StoreMode.ADD, Set.of("\\Seen"), Optional.of(before)))
                .modified())
        .isEqualTo(UidSet.of(1));
    assertThat(mail.view(inbox).messages().get(1).flags()).isEqualTo(Flags.FLAGGED);
    assertThat(mail.view(inbox).messages().get(2).flags()).isEqualTo(Flags.SEEN);
    assertRefused(
        store(UidSet.of(1), StoreMode.ADD, Set.of("\\Wrong"), Optional.empty()),
        Refusal.Code.CANNOT);
  }

  @Test
  void aRepeatedAppendOrCopyIsTheSame() {
    Spool.Writer writer = mail.spool().open();
    now(writer.append(ByteString.fromString("te")));
    now(writer.append(ByteString.fromString("xt")));
    SpooledMessage message = now(writer.finish());
    var first = now(mail.mailboxes().append(inbox, message, Set.of("$a"), Instant.EPOCH));
    assertThat(now(mail.mailboxes().append(inbox, message, Set.of(), Instant.EPOCH)))
        .isEqualTo(first);
    message.release();
    writer.discard();
    assertThat(mail.spooled()).isZero();

    MailboxId trash = mail.folder(alice, "Trash");
    now(mail.mailboxes().store(trash, UidSet.EMPTY, StoreMode.ADD, Set.of("$b"), Optional.empty()));
    ContentId operation = ContentId.random();
    Copied copied = now(mail.mailboxes().copy(inbox, UidSet.of(1, 5), trash, operation));
    assertThat(copied.source()).containsExactly(1L);
    assertThat(now(mail.mailboxes().copy(inbox, UidSet.of(1), trash, operation))).isEqualTo(copied);
    assertThat(mail.view(trash).messages().size()).isEqualTo(1);
    assertThat(mail.view(trash).messages().get(1).flags()).isEqualTo(Flags.keyword(1));
    assertThat(mail.content(trash, 1).utf8String()).isEqualTo("text");

    now(mail.mailboxes().move(inbox, UidSet.of(1), trash, ContentId.random()));
    assertThat(mail.view(inbox).messages().isEmpty()).isTrue();
    assertThat(mail.view(trash).messages().size()).isEqualTo(2);
  }

  @Test
  void foldersFollowTheRules() {
    var folders = mail.folders();
    now(folders.create(alice, "a/b/c", Optional.empty()));
    FolderTree tree = now(folders.tree(alice));
    assertThat(tree.folders().get("a/b").mailbox()).isEmpty();
    assertRefused(folders.create(alice, "a/b/c", Optional.empty()), Refusal.Code.ALREADYEXISTS);
    assertRefused(folders.create(alice, "inbox", Optional.empty()), Refusal.Code.ALREADYEXISTS);
    assertRefused(folders.delete(alice, "a"), Refusal.Code.CANNOT);
    assertRefused(folders.delete(alice, "INBOX"), Refusal.Code.CANNOT);
    assertRefused(folders.delete(alice, "z"), Refusal.Code.NONEXISTENT);
    now(folders.create(alice, "a", Optional.empty()));
    MailboxId a = mail.folder(alice, "a");
    now(mail.mailboxes().open(a, Access.READ_ONLY, events::add));
    now(folders.delete(alice, "a"));
    assertThat(events).containsExactly(new MailboxEvent.Deleted());
    now(folders.rename(alice, "a/b", "x/y"));
    assertThat(now(folders.tree(alice)).folders()).containsKeys("a", "x", "x/y", "x/y/c");
    assertThat(now(folders.tree(alice)).folders()).doesNotContainKeys("a/b", "a/b/c");

    mail.put(alice, "one");
    now(folders.rename(alice, "Inbox", "old"));
    assertThat(mail.view(inbox).messages().isEmpty()).isTrue();
    assertThat(mail.view(mail.folder(alice, "old")).messages().size()).isEqualTo(1);
  }

  @Test
  void mailFindsItsAccounts() {
    AccountId bob = mail.addAccount("bob@example.com", "b");
    now(
        mail.directory()
            .addAlias(
                new MailAddress("all", "example.com"),
                List.of(
                    new MailAddress("alice", "example.com"),
                    new MailAddress("bob", "example.com"))));
    assertThat(now(find("Alice+x@example.com"))).isEqualTo(Recipient.LOCAL);
    assertThat(now(find("postmaster@example.com"))).isEqualTo(Recipient.LOCAL);
    assertThat(now(find("nobody@example.com"))).isEqualTo(Recipient.UNKNOWN);
    assertThat(now(find("alice@elsewhere.example"))).isEqualTo(Recipient.REMOTE);
    Spool.Writer writer = mail.spool().open();
    SpooledMessage message = now(writer.finish());
    Envelope envelope =
        new Envelope(
            Optional.empty(), List.of(address("all@example.com"), address("bob@example.com")));
    now(mail.deliveries().deliver(envelope, message));
    now(mail.deliveries().deliver(envelope, message));
    assertThat(mail.view(MailboxId.inboxOf(bob)).messages().size()).isEqualTo(1);
    assertThat(mail.view(inbox).messages().size()).isEqualTo(1);
    assertThat(mail.delivered()).containsExactly(envelope, envelope);
  }

  @Test
  void faultsMeetTheNextCallOnly() {
    mail.faults().refuseNext(PortCall.VIEW, Refusal.Code.UNAVAILABLE);
    mail.faults().failNext(PortCall.VIEW);
    assertRefused(mail.mailboxes().view(inbox), Refusal.Code.UNAVAILABLE);
    assertThatThrownBy(() -> now(mail.mailboxes().view(inbox)))
        .hasCauseInstanceOf(Faults.Broken.class);
    now(mail.mailboxes().view(inbox));

    Faults.Held held = mail.faults().holdNext(PortCall.LOCK_MAILDROP);
    CompletableFuture<MaildropLock> lock =
        mail.accounts().lockMaildrop(alice).toCompletableFuture();
    assertThat(lock).isNotDone();
    assertThat(mail.isMaildropLocked(alice)).isFalse();
    held.release();
    assertThat(lock).isDone();

    mail.put(alice, "one");
    mail.faults().loseAnswerOfNext(PortCall.EXPUNGE);
    assertThatThrownBy(
        () -> now(mail.mailboxes().expunge(inbox, new Expunge.Exactly(UidSet.of(1)))));
    assertThat(mail.view(inbox).messages().isEmpty()).isTrue();
    mail.faults().silenceNext(PortCall.TREE);
    assertThat(mail.folders().tree(alice).toCompletableFuture()).isNotDone();
  }

  private CompletionStage<Stored> store(
      UidSet uids, StoreMode mode, Set<String> flags, Optional<Long> unchangedSince) {
    return mail.mailboxes().store(inbox, uids, mode, flags, unchangedSince);
  }

  private CompletionStage<Recipient> find(String address) {
    return mail.deliveries().find(address(address));
  }

  private static MailAddress address(String address) {
    int at = address.indexOf('@');
    return new MailAddress(address.substring(0, at), address.substring(at + 1));
  }

  private static <T> T now(CompletionStage<T> stage) {
    assertThat(stage.toCompletableFuture()).isDone();
    return stage.toCompletableFuture().join();
  }

  private static void assertRefused(CompletionStage<?> stage, Refusal.Code code) {
    assertThatThrownBy(() -> stage.toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .satisfies(e -> assertThat(Refusal.of(e).code()).isEqualTo(code))
        .hasCauseInstanceOf(Refusal.class);
  }
}
