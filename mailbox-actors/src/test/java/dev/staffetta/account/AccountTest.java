package dev.staffetta.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.account.AccountCommand.Create;
import dev.staffetta.account.AccountCommand.DeleteFolder;
import dev.staffetta.account.AccountCommand.FindMailbox;
import dev.staffetta.account.AccountCommand.GetPasswordHash;
import dev.staffetta.account.AccountCommand.LockMaildrop;
import dev.staffetta.account.AccountCommand.Locked;
import dev.staffetta.account.AccountCommand.Remove;
import dev.staffetta.account.AccountCommand.RenameFolder;
import dev.staffetta.account.AccountCommand.UnlockMaildrop;
import dev.staffetta.config.AccountSettings;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The actor: what it owes to mailboxes, the maildrop lock, accounts that do not exist. */
class AccountTest {
  private static final ContentId FIRST = new ContentId(1, 1);
  private static final ContentId SECOND = new ContentId(2, 2);
  private static final AccountId ALICE = new AccountId("alice@example.com");

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          PersistenceTestKitPlugin.getInstance()
              .config()
              .withFallback(PersistenceTestKitSnapshotPlugin.config())
              .withFallback(EventSourcedBehaviorTestKit.config())
              .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
              .withFallback(ConfigFactory.load()));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** Mailboxes that answer when the test says so. */
  private static final class FakeNeighbours implements AccountNeighbours {
    final Queue<CompletableFuture<Done>> asked = new ConcurrentLinkedQueue<>();
    final Queue<MailboxId> mailboxes = new ConcurrentLinkedQueue<>();
    final AtomicInteger passivations = new AtomicInteger();

    @Override
    public CompletionStage<Done> delete(MailboxId mailbox, long uidValidity) {
      return ask(mailbox);
    }

    @Override
    public CompletionStage<Done> moveAll(MailboxId from, MailboxId to) {
      return ask(to);
    }

    private CompletionStage<Done> ask(MailboxId mailbox) {
      CompletableFuture<Done> answer = new CompletableFuture<>();
      mailboxes.add(mailbox);
      asked.add(answer);
      return answer;
    }

    void answerAll() {
      while (!asked.isEmpty()) {
        asked.remove().complete(Done.getInstance());
      }
    }

    @Override
    public CompletionStage<Long> lastChange() {
      return CompletableFuture.completedStage(0L);
    }

    @Override
    public boolean hasRoom() {
      return true;
    }

    @Override
    public void passivate(ActorRef<AccountCommand> account) {
      passivations.incrementAndGet();
    }
  }

  /** Goes when the test says so. */
  private static final class TestClock extends Clock {
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public synchronized Instant instant() {
      return now;
    }

    synchronized void goOn(Duration time) {
      now = now.plus(time);
    }
  }

  private final TestClock clock = new TestClock();
  private final FakeNeighbours neighbours = new FakeNeighbours();
  private EventSourcedBehaviorTestKit<AccountCommand, AccountChange, AccountState> account;

  @BeforeEach
  void start() {
    account =
        EventSourcedBehaviorTestKit.create(
            KIT.system(),
            Account.create(
                ALICE,
                AccountSettings.from(
                    ConfigFactory.parseString(
                            "remind-after = 20ms, snapshot-every = 5, maildrop-grace = 300ms\n"
                                + "submission { recipients-per-hour = 10,"
                                + " recipients-per-day = 15, write-every = 4 }")
                        .withFallback(
                            ConfigFactory.defaultReference().getConfig("staffetta.accounts"))),
                neighbours,
                clock),
            EventSourcedBehaviorTestKit.enabledSerializationSettings()
                .withVerifyCommands(false)
                .withVerifyEquality(true));
  }

  private boolean create() {
    return account
        .<Answer<Boolean>>runCommand(replyTo -> new Create(ContentId.random(), "hash", replyTo))
        .reply()
        .orRefuse();
  }

  private static Refusal.Code refusal(Answer<?> answer) {
    return ((Answer.Refused<?>) answer).code();
  }

  private void awaitAsked(int times) {
    Awaitility.await().until(() -> neighbours.mailboxes.size() == times);
  }

  private Answer<Done> count() {
    return account
        .<Answer<Done>>runCommand(replyTo -> new AccountCommand.CountRecipients(1, replyTo))
        .reply();
  }

  @Test
  void recipientsOfAnHourAndADayAreLimited() {
    assertThat(refusal(count())).isEqualTo(Refusal.Code.NONEXISTENT);
    create();
    for (int i = 0; i < 10; i++) {
      count().orRefuse();
    }
    assertThat(refusal(count())).isEqualTo(Refusal.Code.LIMIT);
    clock.goOn(Duration.ofMinutes(70));
    for (int i = 0; i < 5; i++) {
      count().orRefuse();
    }
    assertThat(refusal(count())).isEqualTo(Refusal.Code.LIMIT);
    clock.goOn(Duration.ofMinutes(70));
    assertThat(refusal(count())).isEqualTo(Refusal.Code.LIMIT);
    clock.goOn(Duration.ofHours(24));
    count().orRefuse();
  }

  @Test
  void aCrashForgetsFewRecipients() {
    create();
    for (int i = 0; i < 10; i++) {
      count().orRefuse();
    }
    account.restart();
    count().orRefuse();
    count().orRefuse();
    assertThat(refusal(count())).isEqualTo(Refusal.Code.LIMIT);
  }

  @Test
  void aHashIsRenewedOnlyWhereThePasswordIsStillTheSame() {
    create();
    String before = passwordHash();
    changePassword("renewed", Optional.of("another"));
    assertThat(passwordHash()).isEqualTo(before);
    changePassword("renewed", Optional.of(before));
    assertThat(passwordHash()).isEqualTo("renewed");
    changePassword("chosen", Optional.empty());
    account.restart();
    assertThat(passwordHash()).isEqualTo("chosen");
  }

  private String passwordHash() {
    return account.<Answer<String>>runCommand(GetPasswordHash::new).reply().orRefuse();
  }

  private void changePassword(String hash, Optional<String> insteadOf) {
    account
        .<Answer<Done>>runCommand(
            replyTo -> new AccountCommand.ChangePassword(hash, insteadOf, replyTo))
        .reply()
        .orRefuse();
  }

  @Test
  void accountThatIsNotThereSaysSoAndLeaves() {
    assertThat(refusal(account.<Answer<String>>runCommand(GetPasswordHash::new).reply()))
        .isEqualTo(Refusal.Code.NONEXISTENT);
    assertThat(
            account
                .<Answer<OptionalLong>>runCommand(replyTo -> new FindMailbox(1, replyTo))
                .reply()
                .orRefuse())
        .isEmpty();
    assertThat(neighbours.passivations).hasValue(2);
    assertThat(create()).isTrue();
    assertThat(create()).isFalse();
    assertThat(
            account
                .<Answer<OptionalLong>>runCommand(replyTo -> new FindMailbox(1, replyTo))
                .reply()
                .orRefuse())
        .isPresent();
    assertThat(neighbours.passivations).hasValue(2);
  }

  @Test
  void deletionIsDoneAgainUntilItIsAnswered() {
    create();
    account
        .<Answer<Done>>runCommand(replyTo -> new DeleteFolder(ContentId.random(), "Junk", replyTo))
        .reply()
        .orRefuse();
    awaitAsked(1);
    neighbours.asked.remove().completeExceptionally(new IllegalStateException("down"));
    awaitAsked(2);
    // It crashes before the answer comes.
    account.restart();
    awaitAsked(3);
    neighbours.answerAll();
    Awaitility.await().until(() -> account.getState().chores().isEmpty());
    assertThat(neighbours.mailboxes).containsOnly(neighbours.mailboxes.peek());
  }

  @Test
  void renameOfInboxIsAnsweredWhenItsMailHasMoved() {
    create();
    TestProbe<Answer<Done>> asker = KIT.createTestProbe();
    account.runCommand(new RenameFolder(ContentId.random(), "INBOX", "old", asker.getRef()));
    awaitAsked(1);
    asker.expectNoMessage(java.time.Duration.ofMillis(20));
    neighbours.answerAll();
    asker.receiveMessage().orRefuse();
    assertThat(account.getState().folders()).containsKey("old");
  }

  @Test
  void moveThatCannotBeIsGivenUp() {
    create();
    account.runCommand(
        new RenameFolder(ContentId.random(), "INBOX", "old", KIT.system().ignoreRef()));
    awaitAsked(1);
    neighbours
        .asked
        .remove()
        .completeExceptionally(new Refusal(Refusal.Code.NONEXISTENT, "the folder was deleted"));
    Awaitility.await().until(() -> account.getState().chores().isEmpty());
  }

  @Test
  void removalIsAnsweredWhenAllMailIsGone() {
    create();
    TestProbe<Answer<Boolean>> asker = KIT.createTestProbe();
    account.runCommand(new Remove(ContentId.random(), asker.getRef()));
    awaitAsked(6);
    assertThat(
            refusal(
                account
                    .<Answer<Boolean>>runCommand(r -> new Create(ContentId.random(), "x", r))
                    .reply()))
        .isEqualTo(Refusal.Code.UNAVAILABLE);
    neighbours.answerAll();
    assertThat(asker.receiveMessage().orRefuse()).isTrue();
    assertThat(
            account
                .<Answer<Boolean>>runCommand(r -> new Remove(ContentId.random(), r))
                .reply()
                .orRefuse())
        .isFalse();
    assertThat(create()).isTrue();
  }

  @Test
  void maildropBelongsToOneUntilThatEnds() {
    create();
    TestProbe<Answer<Locked>> first = KIT.createTestProbe();
    TestProbe<Answer<Locked>> second = KIT.createTestProbe();
    account.runCommand(new LockMaildrop(FIRST, first.getRef()));
    first.receiveMessage().orRefuse();
    // Asked again by the same.
    account.runCommand(new LockMaildrop(FIRST, first.getRef()));
    first.receiveMessage().orRefuse();
    account.runCommand(new LockMaildrop(SECOND, second.getRef()));
    assertThat(refusal(second.receiveMessage())).isEqualTo(Refusal.Code.INUSE);
    account.runCommand(AccountCommand.Signal.IDLE);
    assertThat(neighbours.passivations).hasValue(0);
    account.runCommand(new UnlockMaildrop(SECOND, KIT.system().ignoreRef()));
    account.runCommand(new LockMaildrop(SECOND, second.getRef()));
    assertThat(refusal(second.receiveMessage())).isEqualTo(Refusal.Code.INUSE);
    first.stop();
    Awaitility.await()
        .untilAsserted(
            () -> {
              account.runCommand(new LockMaildrop(SECOND, second.getRef()));
              second.receiveMessage().orRefuse();
            });
  }

  @Test
  void changesThatAreSentAgainAreAnsweredAsTheFirst() {
    ContentId operation = ContentId.random();
    for (int i = 0; i < 2; i++) {
      assertThat(
              account
                  .<Answer<Boolean>>runCommand(r -> new Create(operation, "hash", r))
                  .reply()
                  .orRefuse())
          .isTrue();
    }
    assertThat(create()).isFalse();
    ContentId folder = ContentId.random();
    MailboxId first = createFolder(folder).orRefuse();
    account.restart();
    assertThat(createFolder(folder).orRefuse()).isEqualTo(first);
    assertThat(refusal(createFolder(ContentId.random()))).isEqualTo(Refusal.Code.ALREADYEXISTS);
    ContentId rename = ContentId.random();
    ContentId delete = ContentId.random();
    for (int i = 0; i < 2; i++) {
      account
          .<Answer<Done>>runCommand(r -> new RenameFolder(rename, "new", "newer", r))
          .reply()
          .orRefuse();
    }
    for (int i = 0; i < 2; i++) {
      account
          .<Answer<Done>>runCommand(r -> new DeleteFolder(delete, "newer", r))
          .reply()
          .orRefuse();
    }
    assertThat(
            refusal(
                account
                    .<Answer<Done>>runCommand(r -> new DeleteFolder(ContentId.random(), "newer", r))
                    .reply()))
        .isEqualTo(Refusal.Code.NONEXISTENT);
  }

  private Answer<MailboxId> createFolder(ContentId operation) {
    return account
        .<Answer<MailboxId>>runCommand(
            r -> new AccountCommand.CreateFolder(operation, "new", java.util.Optional.empty(), r))
        .reply();
  }

  @Test
  void removalThatIsSentAgainWaitsForTheSameEnd() {
    create();
    ContentId operation = ContentId.random();
    TestProbe<Answer<Boolean>> asker = KIT.createTestProbe();
    account.runCommand(new Remove(operation, asker.getRef()));
    account.runCommand(new Remove(operation, asker.getRef()));
    awaitAsked(6);
    neighbours.answerAll();
    assertThat(asker.receiveMessage().orRefuse()).isTrue();
    assertThat(asker.receiveMessage().orRefuse()).isTrue();
    account.runCommand(new Remove(operation, asker.getRef()));
    assertThat(asker.receiveMessage().orRefuse()).isTrue();
  }

  @Test
  void maildropIsKeptForItsSessionWhileTheAccountMoves() {
    create();
    TestProbe<Answer<Locked>> first = KIT.createTestProbe();
    TestProbe<Answer<Locked>> second = KIT.createTestProbe();
    account.runCommand(new LockMaildrop(FIRST, first.getRef()));
    first.receiveMessage().orRefuse();
    account.restart();
    account.runCommand(new LockMaildrop(SECOND, second.getRef()));
    assertThat(refusal(second.receiveMessage())).isEqualTo(Refusal.Code.UNAVAILABLE);
    account.runCommand(new LockMaildrop(FIRST, first.getRef()));
    first.receiveMessage().orRefuse();
    account.runCommand(new LockMaildrop(SECOND, second.getRef()));
    assertThat(refusal(second.receiveMessage())).isEqualTo(Refusal.Code.INUSE);
    account.restart();
    // Nobody comes forward.
    Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              account.runCommand(new LockMaildrop(SECOND, second.getRef()));
              second.receiveMessage().orRefuse();
            });
  }
}
