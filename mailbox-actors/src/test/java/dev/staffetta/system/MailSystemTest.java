package dev.staffetta.system;

import static dev.staffetta.system.RunningMailSystem.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.staffetta.account.AccountCommand;
import dev.staffetta.account.ShardedAccounts;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Answer;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The ports over real entities, a real store and a cluster of one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailSystemTest {
  private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
  private static final UidSet ALL = new UidSet(List.of(new UidSet.Range(1, 0xFFFF_FFFFL)));

  private RunningMailSystem running;
  private int accounts;

  @BeforeAll
  void start(@TempDir Path directory) {
    running = new RunningMailSystem(directory);
  }

  @AfterAll
  void stop() {
    running.close();
  }

  private MailSystem mail() {
    return running.mail();
  }

  private AccountId newAccount() {
    return running.account("user" + ++accounts + "@example.com");
  }

  private MailboxView view(MailboxId mailbox) {
    return await(mail().mailboxes().view(mailbox));
  }

  private MailboxId folder(AccountId account, String name) {
    return await(mail().folders().tree(account)).mailbox(name).orElseThrow();
  }

  private static void assertRefused(CompletionStage<?> stage, Refusal.Code code) {
    assertThatThrownBy(() -> await(stage))
        .satisfies(failure -> assertThat(Refusal.of(failure).code()).isEqualTo(code));
  }

  private String content(AccountId account, Message message) {
    return await(
            mail()
                .contents()
                .read(account, message.content(), 0, Long.MAX_VALUE)
                .runWith(
                    Sink.fold(ByteString.emptyByteString(), ByteString::concat), running.system()))
        .utf8String();
  }

  @Test
  void newAccountHasItsFoldersAndSubscriptions() {
    AccountId account = newAccount();
    assertThat(await(mail().folders().tree(account)))
        .satisfies(
            tree -> {
              assertThat(tree.folders().keySet())
                  .containsExactly("Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash");
              assertThat(tree.subscriptions()).isEqualTo(tree.folders().keySet());
              assertThat(tree.mailbox("inbox")).contains(MailboxId.inboxOf(account));
            });
  }

  @Test
  void loginNeedsTheRightPasswordAndLooksAwayFromCase() {
    AccountId account = newAccount();
    String password = "secret of " + account;
    assertThat(
            await(
                mail()
                    .accounts()
                    .authenticate(
                        account.address().toUpperCase(java.util.Locale.ROOT), password, CLIENT)))
        .isEqualTo(account);
    assertRefused(
        mail().accounts().authenticate(account.address(), "wrong", CLIENT), Refusal.Code.NOPERM);
    assertRefused(
        mail().accounts().authenticate("nobody@example.com", "x", CLIENT), Refusal.Code.NOPERM);
    assertRefused(mail().accounts().authenticate("", "x", CLIENT), Refusal.Code.NOPERM);
  }

  @Test
  void aPasswordHashedElsewhereLetsInAndIsHashedAnew() {
    AccountId account = new AccountId("imported@" + newAccount().domain());
    String salted = "{SSHA}HvyxYCu5nv8Wiidb+NfGzRYdlCbRfOTV";
    await(mail().directory().importAccount(account, salted));
    assertRefused(
        mail().accounts().authenticate(account.address(), "wrong", CLIENT), Refusal.Code.NOPERM);
    await(mail().accounts().authenticate(account.address(), "pässword", CLIENT));
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(passwordHash(account)).startsWith("$argon2id$"));
    await(mail().accounts().authenticate(account.address(), "pässword", CLIENT));
    assertRefused(
        mail().directory().importAccount(new AccountId("m@example.com"), "{CRAM-MD5}5ca4c2d6"),
        Refusal.Code.CANNOT);
  }

  private String passwordHash(AccountId account) {
    return await(
            ClusterSharding.get(running.system())
                .entityRefFor(ShardedAccounts.TYPE, account.address())
                .<Answer<String>>ask(AccountCommand.GetPasswordHash::new, Duration.ofSeconds(10)))
        .orRefuse();
  }

  @Test
  void changedPasswordCountsAtOnce() {
    AccountId account = newAccount();
    String password = "secret of " + account;
    await(mail().accounts().authenticate(account.address(), password, CLIENT));
    await(mail().directory().setPassword(account, "another"));
    assertRefused(
        mail().accounts().authenticate(account.address(), password, CLIENT), Refusal.Code.NOPERM);
    await(mail().accounts().authenticate(account.address(), "another", CLIENT));
  }

  @Test
  void appendedMessageIsThereByteForByte() {
    AccountId account = newAccount();
    MailboxId inbox = MailboxId.inboxOf(account);
    Mailboxes.Appended small =
        running.append(inbox, "Subject: a\r\n\r\nHello\r\n", "\\Seen", "$Mine");
    String large = "Subject: b\r\n\r\n" + "0123456789abcdef".repeat(40_000);
    Mailboxes.Appended second = running.append(inbox, large);
    MailboxView view = view(inbox);
    assertThat(small.uid()).isEqualTo(1);
    assertThat(second.uid()).isEqualTo(2);
    assertThat(view.uidValidity()).isEqualTo(small.uidValidity());
    assertThat(view.uidNext()).isEqualTo(3);
    assertThat(view.keywords()).containsExactly("$Mine");
    assertThat(view.messages().get(1).flags()).isEqualTo(Flags.SEEN | Flags.keyword(0));
    assertThat(content(account, view.messages().get(1))).isEqualTo("Subject: a\r\n\r\nHello\r\n");
    assertThat(content(account, view.messages().get(2))).isEqualTo(large);
    assertThat(
            await(
                mail()
                    .contents()
                    .summaries(account, view.messages().stream().map(Message::content).toList())))
        .extracting(summary -> summary.size())
        .containsExactly((long) "Subject: a\r\n\r\nHello\r\n".length(), (long) large.length());
  }

  @Test
  void repeatedAppendIsTheSameAppend() {
    MailboxId inbox = MailboxId.inboxOf(newAccount());
    SpooledMessage message = running.message("Subject: once\r\n\r\n");
    Instant now = Instant.now();
    Mailboxes.Appended first = await(mail().mailboxes().append(inbox, message, Set.of(), now));
    Mailboxes.Appended again = await(mail().mailboxes().append(inbox, message, Set.of(), now));
    assertThat(again.uid()).isEqualTo(first.uid());
    assertThat(view(inbox).messages().size()).isEqualTo(1);
  }

  @Test
  void twoSessionsSeeTheSameChangesInOrder() {
    MailboxId inbox = MailboxId.inboxOf(newAccount());
    running.append(inbox, "a\r\n");
    List<MailboxEvent> one = new CopyOnWriteArrayList<>();
    List<MailboxEvent> two = new CopyOnWriteArrayList<>();
    OpenMailbox first =
        await(mail().mailboxes().open(inbox, Mailboxes.Access.READ_WRITE, one::add));
    OpenMailbox second =
        await(mail().mailboxes().open(inbox, Mailboxes.Access.READ_ONLY, two::add));
    assertThat(first.recentFrom()).isEqualTo(1);
    assertThat(second.recentFrom()).isEqualTo(2);
    running.append(inbox, "b\r\n");
    await(
        mail()
            .mailboxes()
            .store(
                inbox,
                UidSet.of(1, 2),
                Mailboxes.StoreMode.ADD,
                Set.of("\\Deleted"),
                Optional.empty()));
    Mailboxes.Expunged expunged =
        await(mail().mailboxes().expunge(inbox, new Mailboxes.Expunge.DeletedAmong(UidSet.of(1))));
    await().atMost(RunningMailSystem.patience()).until(() -> one.size() == 3 && two.size() == 3);
    assertThat(one).isEqualTo(two);
    assertThat(one.get(2))
        .isInstanceOfSatisfying(
            MailboxEvent.Changed.class,
            changed -> {
              assertThat(changed.expunged()).isEqualTo(UidSet.of(1));
              assertThat(changed.modseq()).isEqualTo(expunged.modseq());
            });
    first.close();
    second.close();
  }

  @Test
  void copyAndMoveKeepFlagsAndAreDoneOnce() {
    AccountId account = newAccount();
    MailboxId inbox = MailboxId.inboxOf(account);
    MailboxId archive = folder(account, "Archive");
    running.append(inbox, "a\r\n", "\\Flagged", "other", "$Label");
    running.append(inbox, "b\r\n", "$Label");
    running.append(archive, "c\r\n", "$label");
    ContentId operation = ContentId.random();
    Mailboxes.Copied copied =
        await(mail().mailboxes().copy(inbox, UidSet.of(1, 7), archive, operation));
    assertThat(copied.source()).containsExactly(1L);
    assertThat(copied.target()).containsExactly(2L);
    assertThat(await(mail().mailboxes().copy(inbox, UidSet.of(1, 7), archive, operation)))
        .isEqualTo(copied);
    ContentId second = ContentId.random();
    Mailboxes.Copied moved = await(mail().mailboxes().move(inbox, ALL, archive, second));
    assertThat(moved.source()).containsExactly(1L, 2L);
    assertThat(moved.target()).containsExactly(3L, 4L);
    assertThat(view(inbox).messages().size()).isZero();
    assertThat(view(inbox).highestModseq()).isEqualTo(moved.sourceModseq());
    MailboxView there = view(archive);
    assertThat(there.keywords()).containsExactlyInAnyOrder("$label", "other");
    assertThat(there.messages().get(4).flags()).isEqualTo(Flags.keyword(0));
    assertThat(there.messages().get(3).flags())
        .isEqualTo(Flags.FLAGGED | Flags.keyword(0) | Flags.keyword(1));
    assertThat(content(account, there.messages().get(3))).isEqualTo("a\r\n");
  }

  @Test
  void deletedFolderIsGoneAndItsNameGetsAHigherUidValidity() {
    AccountId account = newAccount();
    MailboxId old = await(mail().folders().create(account, "work", Optional.empty()));
    running.append(old, "a\r\n");
    List<MailboxEvent> events = new CopyOnWriteArrayList<>();
    await(mail().mailboxes().open(old, Mailboxes.Access.READ_WRITE, events::add));
    long uidValidity = view(old).uidValidity();
    await(mail().folders().delete(account, "work"));
    await()
        .atMost(RunningMailSystem.patience())
        .untilAsserted(() -> assertThat(events).containsExactly(new MailboxEvent.Deleted()));
    assertRefused(mail().mailboxes().view(old), Refusal.Code.NONEXISTENT);
    MailboxId fresh = await(mail().folders().create(account, "work", Optional.empty()));
    assertThat(fresh).isNotEqualTo(old);
    assertThat(view(fresh).uidValidity()).isGreaterThan(uidValidity);
  }

  @Test
  void renamedInboxIsEmptyAndItsMessagesAreUnderTheNewName() {
    AccountId account = newAccount();
    MailboxId inbox = MailboxId.inboxOf(account);
    running.append(inbox, "a\r\n");
    running.append(inbox, "b\r\n");
    await(mail().folders().rename(account, "INBOX", "old/mail"));
    assertThat(view(inbox).messages().isEmpty()).isTrue();
    assertThat(view(folder(account, "old/mail")).messages().size()).isEqualTo(2);
  }

  @Test
  void nobodyMakesAMailboxByWritingToIt() {
    AccountId nobody = new AccountId("nobody@example.com");
    SpooledMessage message = running.message("a\r\n");
    assertRefused(
        mail().mailboxes().append(MailboxId.inboxOf(nobody), message, Set.of(), Instant.now()),
        Refusal.Code.NONEXISTENT);
    MailboxId none = new MailboxId(newAccount(), 99);
    assertRefused(
        mail().mailboxes().append(none, message, Set.of(), Instant.now()),
        Refusal.Code.NONEXISTENT);
  }

  @Test
  void mailIsPlacedOnceForEachAccount() {
    AccountId account = newAccount();
    AccountId other = newAccount();
    MailAddress alias = new MailAddress("all" + accounts, "example.com");
    MailAddress first = new MailAddress(account.localPart(), "example.com");
    MailAddress detailed = new MailAddress(account.localPart() + "+lists", "example.com");
    MailAddress second =
        new MailAddress(other.localPart().toUpperCase(java.util.Locale.ROOT), "example.com");
    await(mail().directory().addAlias(alias, List.of(first, second)));
    SpooledMessage message = running.message("Subject: hi\r\n\r\n");
    Envelope envelope = new Envelope(Optional.empty(), List.of(alias, first, detailed));
    await(mail().deliveries().deliver(envelope, message));
    await(mail().deliveries().deliver(envelope, message));
    assertThat(view(MailboxId.inboxOf(account)).messages().size()).isEqualTo(1);
    assertThat(view(MailboxId.inboxOf(other)).messages().size()).isEqualTo(1);
  }

  @Test
  void recipientsAreFound() {
    AccountId account = newAccount();
    String domain = "postmaster" + accounts + ".example";
    await(mail().directory().addDomain(domain));
    Deliveries deliveries = mail().deliveries();
    assertThat(await(deliveries.find(new MailAddress("postmaster", domain))))
        .isEqualTo(Deliveries.Recipient.UNKNOWN);
    await(mail().directory().addAccount(new AccountId("zoe@" + domain), "x"));
    assertThat(await(deliveries.find(new MailAddress("PostMaster", domain))))
        .isEqualTo(Deliveries.Recipient.LOCAL);
    assertThat(await(deliveries.find(new MailAddress("nobody", domain))))
        .isEqualTo(Deliveries.Recipient.UNKNOWN);
    assertThat(await(deliveries.find(new MailAddress("x", "elsewhere.example"))))
        .isEqualTo(Deliveries.Recipient.REMOTE);
    assertThat(await(deliveries.find(new MailAddress(account.localPart() + "+a+b", "example.com"))))
        .isEqualTo(Deliveries.Recipient.LOCAL);
  }

  @Test
  void aliasesInACircleLeadNowhere() {
    AccountId account = newAccount();
    MailAddress target = new MailAddress(account.localPart(), "example.com");
    MailAddress one = new MailAddress("circle-one", "example.com");
    MailAddress two = new MailAddress("circle-two", "example.com");
    await(mail().directory().addAlias(one, List.of(target)));
    await(mail().directory().addAlias(two, List.of(one)));
    await(mail().directory().addAlias(one, List.of(two)));
    assertThat(await(mail().deliveries().find(one))).isEqualTo(Deliveries.Recipient.UNKNOWN);
    assertRefused(mail().directory().addAlias(two, List.of(two)), Refusal.Code.CANNOT);
    assertThat(await(mail().directory().aliases("example.com")))
        .contains(new Directory.Alias(one, List.of(two)));
  }

  @Test
  void maildropIsLockedByOneSession() {
    AccountId account = newAccount();
    Accounts.MaildropLock lock = await(mail().accounts().lockMaildrop(account));
    assertRefused(mail().accounts().lockMaildrop(account), Refusal.Code.INUSE);
    lock.release();
    lock.release();
    await()
        .atMost(RunningMailSystem.patience())
        .untilAsserted(() -> await(mail().accounts().lockMaildrop(account)).release());
    assertRefused(
        mail().accounts().lockMaildrop(new AccountId("nobody@example.com")),
        Refusal.Code.NONEXISTENT);
  }

  @Test
  void removedAccountIsGoneWithItsMailAndMayComeBack() {
    AccountId account = newAccount();
    MailboxId inbox = MailboxId.inboxOf(account);
    running.append(inbox, "a\r\n");
    long uidValidity = view(inbox).uidValidity();
    MailAddress address = new MailAddress(account.localPart(), account.domain());
    assertThat(await(mail().deliveries().find(address))).isEqualTo(Deliveries.Recipient.LOCAL);
    await(mail().directory().removeAccount(account));
    assertThat(await(mail().deliveries().find(address))).isEqualTo(Deliveries.Recipient.UNKNOWN);
    assertThat(await(mail().directory().accounts("example.com"))).doesNotContain(account);
    assertRefused(mail().mailboxes().view(inbox), Refusal.Code.NONEXISTENT);
    assertRefused(mail().directory().removeAccount(account), Refusal.Code.NONEXISTENT);
    await(mail().directory().addAccount(account, "again"));
    assertThat(view(inbox).messages().size()).isZero();
    assertThat(view(inbox).uidValidity()).isGreaterThan(uidValidity);
    assertThat(running.append(inbox, "b\r\n").uid()).isEqualTo(1);
  }

  @Test
  void domainsAndAccountsAreListedAndRemoved() {
    Directory admin = mail().directory();
    await(admin.addDomain("List.Example"));
    assertRefused(admin.addDomain("list.example"), Refusal.Code.ALREADYEXISTS);
    assertRefused(admin.addDomain("no domain"), Refusal.Code.CANNOT);
    AccountId account = new AccountId("a@list.example");
    await(admin.addAccount(account, "x"));
    assertRefused(admin.addAccount(account, "x"), Refusal.Code.ALREADYEXISTS);
    assertRefused(
        admin.addAccount(new AccountId("a@nowhere.example"), "x"), Refusal.Code.NONEXISTENT);
    assertThat(await(admin.domains())).contains("list.example");
    assertThat(await(admin.accounts("list.example"))).containsExactly(account);
    assertRefused(admin.removeDomain("list.example"), Refusal.Code.CANNOT);
    await(admin.removeAccount(account));
    await(admin.removeDomain("list.example"));
    assertRefused(admin.removeDomain("list.example"), Refusal.Code.NONEXISTENT);
    assertThat(await(admin.domains())).doesNotContain("list.example");
  }
}
