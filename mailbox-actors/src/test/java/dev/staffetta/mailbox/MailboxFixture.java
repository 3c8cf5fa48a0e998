package dev.staffetta.mailbox;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.MailboxSettings;
import dev.staffetta.mailbox.MailboxCommand.Append;
import dev.staffetta.mailbox.MailboxCommand.GetView;
import dev.staffetta.mailbox.MailboxCommand.StoreFlags;
import dev.staffetta.mailbox.MailboxCommand.Subscribe;
import dev.staffetta.mailbox.MailboxCommand.Subscribed;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Answer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * A mailbox in its actor, with neighbours that say what the test wants. One actor system serves all
 * tests of a class, one after the other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MailboxFixture {
  static final MailboxId ID = new MailboxId(new AccountId("alice@example.com"), 7);
  static final long UID_VALIDITY = 1234;

  final ActorTestKit kit =
      ActorTestKit.create(
          PersistenceTestKitPlugin.getInstance()
              .config()
              .withFallback(PersistenceTestKitSnapshotPlugin.config())
              .withFallback(EventSourcedBehaviorTestKit.config())
              .withFallback(
                  ConfigFactory.parseString(
                      """
                      pekko.actor.provider = local
                      pekko.persistence.testkit.snapshots.serialize = off
                      """))
              .withFallback(ConfigFactory.load()));

  @AfterAll
  void stop() {
    kit.shutdownTestKit();
  }

  /** An account and a target that say what the test wants. */
  static final class FakeNeighbours implements MailboxNeighbours {
    final Queue<CompletableFuture<OptionalLong>> questions = new ConcurrentLinkedQueue<>();
    final Queue<CompletableFuture<Answer<Transfer>>> transfers = new ConcurrentLinkedQueue<>();
    final Queue<MailboxCommand.Receive> received = new ConcurrentLinkedQueue<>();
    final AtomicInteger passivations = new AtomicInteger();
    volatile Supplier<CompletionStage<Long>> lastChange =
        () -> CompletableFuture.completedStage(0L);
    volatile boolean hasRoom = true;
    volatile Optional<OptionalLong> answer = Optional.of(OptionalLong.of(UID_VALIDITY));

    @Override
    public CompletionStage<OptionalLong> uidValidity(MailboxId mailbox) {
      CompletableFuture<OptionalLong> question = new CompletableFuture<>();
      questions.add(question);
      answer.ifPresent(question::complete);
      return question;
    }

    @Override
    public CompletionStage<Answer<Transfer>> receive(
        MailboxId target, Function<ActorRef<Answer<Transfer>>, MailboxCommand> command) {
      received.add((MailboxCommand.Receive) command.apply(NoActor.ref()));
      CompletableFuture<Answer<Transfer>> transfer = new CompletableFuture<>();
      transfers.add(transfer);
      return transfer;
    }

    @Override
    public CompletionStage<Long> lastChange() {
      return lastChange.get();
    }

    @Override
    public boolean hasRoom() {
      return hasRoom;
    }

    @Override
    public void passivate(ActorRef<MailboxCommand> mailbox) {
      passivations.incrementAndGet();
    }
  }

  FakeNeighbours neighbours;
  EventSourcedBehaviorTestKit<MailboxCommand, MailboxChange, MailboxState> mailbox;

  @BeforeEach
  void start() {
    neighbours = new FakeNeighbours();
    mailbox = start("snapshot-every = 1000");
  }

  EventSourcedBehaviorTestKit<MailboxCommand, MailboxChange, MailboxState> start(String settings) {
    return EventSourcedBehaviorTestKit.create(
        kit.system(),
        Mailbox.create(ID, settings(settings), neighbours),
        EventSourcedBehaviorTestKit.enabledSerializationSettings()
            .withVerifyCommands(false)
            .withVerifyState(false));
  }

  static MailboxSettings settings(String lines) {
    Config defaults = ConfigFactory.defaultReference().getConfig("staffetta.mailboxes");
    return MailboxSettings.from(
        ConfigFactory.parseString("remind-after = 50ms\n" + lines).withFallback(defaults));
  }

  Mailboxes.Appended append(String... flags) {
    return append(ContentId.random(), flags).orRefuse();
  }

  Answer<Mailboxes.Appended> append(ContentId content, String... flags) {
    return mailbox
        .<Answer<Mailboxes.Appended>>runCommand(
            replyTo ->
                new Append(content, 10, Optional.empty(), Set.of(flags), Instant.EPOCH, replyTo))
        .reply();
  }

  MailboxView view() {
    return mailbox.<Answer<MailboxView>>runCommand(GetView::new).reply().orRefuse();
  }

  Answer<MailboxCommand.Stored> store(long uid, String flag) {
    return mailbox
        .<Answer<MailboxCommand.Stored>>runCommand(
            replyTo ->
                new StoreFlags(
                    ContentId.random(),
                    UidSet.of(uid),
                    Mailboxes.StoreMode.ADD,
                    Set.of(flag),
                    Optional.empty(),
                    replyTo))
        .reply();
  }

  static Refusal.Code refusal(Answer<?> answer) {
    return ((Answer.Refused<?>) answer).code();
  }

  ActorRef<MailboxCommand> spawn(String settings) {
    PersistenceTestKit.create(kit.system()).clearAll();
    return kit.spawn(Mailbox.create(ID, settings(settings), neighbours));
  }

  Subscribed subscribe(Mailboxes.Access access, TestProbe<Notice> session) {
    Subscribed subscribed =
        mailbox
            .<Answer<Subscribed>>runCommand(
                replyTo -> new Subscribe(access, Optional.empty(), session.getRef(), replyTo))
            .reply()
            .orRefuse();
    // Whatever it had to write for that is written before the next answer.
    store(1, "\\Seen");
    return subscribed;
  }
}
