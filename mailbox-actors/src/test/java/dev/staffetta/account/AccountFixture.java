package dev.staffetta.account;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.account.AccountCommand.Create;
import dev.staffetta.config.AccountSettings;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import dev.staffetta.system.SetClock;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * An account in its actor, with mailboxes and a clock that do what the test says. One actor system
 * serves all tests of a class, one after the other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AccountFixture {
  private static final AccountId ALICE = new AccountId("alice@example.com");

  final ActorTestKit kit =
      ActorTestKit.create(
          PersistenceTestKitPlugin.getInstance()
              .config()
              .withFallback(PersistenceTestKitSnapshotPlugin.config())
              .withFallback(EventSourcedBehaviorTestKit.config())
              .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
              .withFallback(ConfigFactory.load()));

  @AfterAll
  void stop() {
    kit.shutdownTestKit();
  }

  /** Mailboxes that answer when the test says so. */
  static final class FakeNeighbours implements AccountNeighbours {
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

  SetClock clock;
  FakeNeighbours neighbours;
  EventSourcedBehaviorTestKit<AccountCommand, AccountChange, AccountState> account;

  @BeforeEach
  void start() {
    clock = new SetClock(Instant.parse("2026-01-02T03:04:05Z"));
    neighbours = new FakeNeighbours();
    account =
        EventSourcedBehaviorTestKit.create(
            kit.system(),
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

  boolean create() {
    return account
        .<Answer<Boolean>>runCommand(replyTo -> new Create(ContentId.random(), "hash", replyTo))
        .reply()
        .orRefuse();
  }

  static Refusal.Code refusal(Answer<?> answer) {
    return ((Answer.Refused<?>) answer).code();
  }
}
