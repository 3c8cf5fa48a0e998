package dev.staffetta.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.MailboxSettings;
import dev.staffetta.mailbox.MailboxCommand.Append;
import dev.staffetta.mailbox.MailboxCommand.Delete;
import dev.staffetta.mailbox.MailboxCommand.GetView;
import dev.staffetta.mailbox.MailboxCommand.Move;
import dev.staffetta.mailbox.MailboxCommand.StoreFlags;
import dev.staffetta.mailbox.MailboxCommand.Subscribe;
import dev.staffetta.mailbox.MailboxCommand.Subscribed;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The actor: existence, gathering, sessions, moves, deletion, failing writes. */
class MailboxTest {
  private static final MailboxId ID = new MailboxId(new AccountId("alice@example.com"), 7);
  private static final long UID_VALIDITY = 1234;

  private static final ActorTestKit KIT =
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
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** An account and a target that say what the test wants. */
  private static final class FakeNeighbours implements MailboxNeighbours {
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

  private final FakeNeighbours neighbours = new FakeNeighbours();
  private EventSourcedBehaviorTestKit<MailboxCommand, MailboxChange, MailboxState> mailbox;

  @BeforeEach
  void start() {
    mailbox = start("snapshot-every = 1000");
  }

  private EventSourcedBehaviorTestKit<MailboxCommand, MailboxChange, MailboxState> start(
      String settings) {
    return EventSourcedBehaviorTestKit.create(
        KIT.system(),
        Mailbox.create(ID, settings(settings), neighbours),
        EventSourcedBehaviorTestKit.enabledSerializationSettings()
            .withVerifyCommands(false)
            .withVerifyState(false));
  }

  private static MailboxSettings settings(String lines) {
    Config defaults = ConfigFactory.defaultReference().getConfig("staffetta.mailboxes");
    return MailboxSettings.from(
        ConfigFactory.parseString("remind-after = 50ms\n" + lines).withFallback(defaults));
  }

  private Mailboxes.Appended append(String... flags) {
    return append(ContentId.random(), flags).orRefuse();
  }

  private Answer<Mailboxes.Appended> append(ContentId content, String... flags) {
    return mailbox
        .<Answer<Mailboxes.Appended>>runCommand(
            replyTo ->
                new Append(content, 10, Optional.empty(), Set.of(flags), Instant.EPOCH, replyTo))
        .reply();
  }

  private MailboxView view() {
    return mailbox.<Answer<MailboxView>>runCommand(GetView::new).reply().orRefuse();
  }

  private Answer<MailboxCommand.Stored> store(long uid, String flag) {
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

  private static Refusal.Code refusal(Answer<?> answer) {
    return ((Answer.Refused<?>) answer).code();
  }

  @Test
  void emptyMailboxHasWrittenNothing() {
    assertThat(view().uidValidity()).isEqualTo(UID_VALIDITY);
    assertThat(mailbox.getState().stage()).isEqualTo(MailboxState.Stage.ABSENT);
    Mailboxes.Appended appended = append();
    assertThat(appended.uidValidity()).isEqualTo(UID_VALIDITY);
    assertThat(mailbox.getState().stage()).isEqualTo(MailboxState.Stage.OPEN);
    assertThat(neighbours.questions).hasSize(1);
  }

  @Test
  void unknownMailboxRefusesAndLeaves() {
    neighbours.answer = Optional.of(OptionalLong.empty());
    assertThat(refusal(append(ContentId.random()))).isEqualTo(Refusal.Code.NONEXISTENT);
    assertThat(neighbours.passivations).hasValue(1);
  }

  @Test
  void accountThatDoesNotAnswerIsAskedAgain() {
    neighbours.answer = Optional.empty();
    TestProbe<Answer<MailboxView>> asker = KIT.createTestProbe();
    TestProbe<Answer<MailboxView>> second = KIT.createTestProbe();
    ActorRef<MailboxCommand> ref = spawn("snapshot-every = 1000");
    ref.tell(new GetView(asker.getRef()));
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(neighbours.questions).isNotEmpty();
              return null;
            });
    ref.tell(new GetView(second.getRef()));
    neighbours.answer = Optional.of(OptionalLong.of(UID_VALIDITY));
    neighbours.questions.remove().completeExceptionally(new IllegalStateException("down"));
    assertThat(asker.receiveMessage().orRefuse().uidValidity()).isEqualTo(UID_VALIDITY);
    assertThat(second.receiveMessage().orRefuse().uidValidity()).isEqualTo(UID_VALIDITY);
  }

  private ActorRef<MailboxCommand> spawn(String settings) {
    PersistenceTestKit.create(KIT.system()).clearAll();
    return KIT.spawn(Mailbox.create(ID, settings(settings), neighbours));
  }

  @Test
  void commandsThatComeTogetherAreWrittenTogether() {
    PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
    ActorRef<MailboxCommand> ref = spawn("snapshot-every = 1000");
    TestProbe<Answer<Mailboxes.Appended>> asker = KIT.createTestProbe();
    int commands = 500;
    for (int i = 0; i < commands; i++) {
      ref.tell(
          new Append(
              ContentId.random(), 1, Optional.empty(), Set.of(), Instant.EPOCH, asker.getRef()));
    }
    List<Long> uids = new ArrayList<>();
    for (int i = 0; i < commands; i++) {
      uids.add(asker.receiveMessage().orRefuse().uid());
    }
    assertThat(uids).isSorted().doesNotHaveDuplicates().last().isEqualTo(500L);
    assertThat(journal.persistedInStorage("Mailbox|" + ID)).hasSize(commands + 1);
    journal.clearAll();
  }

  @Test
  void sessionsAreToldBeforeTheAnswerComes() {
    TestProbe<Notice> session = KIT.createTestProbe();
    append();
    Subscribed subscribed =
        mailbox
            .<Answer<Subscribed>>runCommand(
                replyTo ->
                    new Subscribe(
                        Mailboxes.Access.READ_WRITE, Optional.empty(), session.getRef(), replyTo))
            .reply()
            .orRefuse();
    assertThat(subscribed.recentFrom()).isEqualTo(1);
    Mailboxes.Appended appended = append("\\Seen", "$New");
    MailboxEvent.Changed changed = session.expectMessageClass(Notice.Told.class).event();
    assertThat(changed.sinceModseq()).isEqualTo(view(subscribed).highestModseq());
    assertThat(changed.modseq()).isEqualTo(appended.modseq());
    assertThat(changed.keywords()).containsExactly("$New");
    assertThat(changed.added()).extracting(m -> m.uid()).containsExactly(2L);
    store(1, "\\Seen");
    MailboxEvent.Changed flagged = session.expectMessageClass(Notice.Told.class).event();
    assertThat(flagged.sinceModseq()).isEqualTo(changed.modseq());
    assertThat(flagged.changed()).extracting(m -> m.flags()).containsExactly(Flags.SEEN);
  }

  @Test
  void recentMessagesAreTakenByTheFirstWriter() {
    append();
    TestProbe<Notice> reader = KIT.createTestProbe();
    TestProbe<Notice> writer = KIT.createTestProbe();
    assertThat(subscribe(Mailboxes.Access.READ_ONLY, reader).recentFrom()).isEqualTo(1);
    assertThat(subscribe(Mailboxes.Access.READ_WRITE, writer).recentFrom()).isEqualTo(1);
    assertThat(subscribe(Mailboxes.Access.READ_ONLY, reader).recentFrom()).isEqualTo(2);
    append();
    // The writer has been told of it.
    assertThat(subscribe(Mailboxes.Access.READ_ONLY, reader).recentFrom()).isEqualTo(3);
    mailbox.runCommand(new MailboxCommand.Unsubscribe(writer.getRef()));
    mailbox.restart();
    assertThat(subscribe(Mailboxes.Access.READ_WRITE, writer).recentFrom()).isEqualTo(3);
  }

  private static MailboxView view(Subscribed subscribed) {
    return ((MailboxCommand.Standing.Whole) subscribed.standing()).view();
  }

  private Subscribed subscribe(Mailboxes.Access access, TestProbe<Notice> session) {
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

  @Test
  void openMailboxDoesNotLeave() {
    TestProbe<Notice> session = KIT.createTestProbe();
    append();
    subscribe(Mailboxes.Access.READ_WRITE, session);
    mailbox.runCommand(MailboxCommand.Signal.IDLE);
    assertThat(neighbours.passivations).hasValue(0);
    mailbox.runCommand(new MailboxCommand.Unsubscribe(session.getRef()));
    view();
    mailbox.runCommand(MailboxCommand.Signal.IDLE);
    assertThat(neighbours.passivations).hasValue(1);
  }

  @Test
  void startedMoveIsCarriedOnAfterACrashAndWhatTouchesItWaits() {
    append("\\Flagged");
    append();
    TestProbe<Answer<Transfer>> mover = KIT.createTestProbe();
    ContentId operation = ContentId.random();
    mailbox.runCommand(new Move(operation, UidSet.of(1), 9, mover.getRef()));
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(neighbours.received).hasSize(1);
              return null;
            });
    mailbox.restart();
    assertThat(mover.receiveMessage()).isInstanceOf(Answer.Refused.class);
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(neighbours.received).hasSize(2);
              return null;
            });
    assertThat(neighbours.received)
        .allSatisfy(
            received -> {
              assertThat(received.operation()).isEqualTo(operation);
              assertThat(received.messages()).extracting(m -> m.uid()).containsExactly(1L);
            });
    TestProbe<Answer<MailboxCommand.Expunged>> expunger = KIT.createTestProbe();
    mailbox.runCommand(
        new MailboxCommand.Expunge(
            new Mailboxes.Expunge.Exactly(UidSet.of(1, 2)), expunger.getRef()));
    mailbox.runCommand(new Move(operation, UidSet.of(1), 9, mover.getRef()));
    store(2, "\\Seen");
    expunger.expectNoMessage(Duration.ofMillis(50));
    Transfer there = new Transfer(UidSet.of(1), 55, 10, 3, 4);
    neighbours.transfers.forEach(transfer -> transfer.complete(Answer.done(there)));
    Transfer done = mover.receiveMessage().orRefuse();
    assertThat(done.source()).isEqualTo(UidSet.of(1));
    assertThat(done.targetFirstUid()).isEqualTo(10);
    assertThat(expunger.receiveMessage().orRefuse().uids()).isEqualTo(UidSet.of(2));
    assertThat(view().messages().isEmpty()).isTrue();
  }

  @Test
  void moveThatTheTargetWillNotHaveLeavesTheMessages() {
    append();
    TestProbe<Answer<Transfer>> mover = KIT.createTestProbe();
    mailbox.runCommand(new Move(ContentId.random(), UidSet.of(1), 9, mover.getRef()));
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(neighbours.transfers).hasSize(1);
              return null;
            });
    neighbours.transfers.remove().complete(Answer.unavailable());
    // Nobody can tell: asked again.
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(neighbours.transfers).hasSize(1);
              return null;
            });
    mover.expectNoMessage(Duration.ofMillis(20));
    neighbours
        .transfers
        .remove()
        .complete(new Answer.Refused<>(Refusal.Code.NONEXISTENT, "no such mailbox"));
    assertThat(refusal(mover.receiveMessage())).isEqualTo(Refusal.Code.NONEXISTENT);
    assertThat(mailbox.getState().moves()).isEmpty();
    assertThat(view().messages().size()).isEqualTo(1);
  }

  @Test
  void deletedMailboxLetsGoOfEverythingAndStaysDeleted() {
    mailbox = start("removed-at-a-time = 2");
    for (int i = 0; i < 5; i++) {
      append();
    }
    TestProbe<Notice> session = KIT.createTestProbe();
    subscribe(Mailboxes.Access.READ_WRITE, session);
    session.expectMessageClass(Notice.Told.class).event();
    Answer<Done> deleted =
        mailbox.<Answer<Done>>runCommand(replyTo -> new Delete(UID_VALIDITY, replyTo)).reply();
    deleted.orRefuse();
    session.expectMessageClass(Notice.Gone.class);
    session.expectNoMessage(Duration.ofMillis(20));
    assertThat(mailbox.getState().messages().isEmpty()).isTrue();
    neighbours.answer = Optional.of(OptionalLong.empty());
    assertThat(refusal(append(ContentId.random()))).isEqualTo(Refusal.Code.NONEXISTENT);
    mailbox.restart();
    assertThat(refusal(append(ContentId.random()))).isEqualTo(Refusal.Code.NONEXISTENT);
    neighbours.answer = Optional.of(OptionalLong.of(UID_VALIDITY + 1));
    assertThat(append().uid()).isEqualTo(1);
    assertThat(view().uidValidity()).isEqualTo(UID_VALIDITY + 1);
  }

  @Test
  void deletionForAnEarlierMailboxOfTheNumberDoesNothing() {
    append();
    mailbox
        .<Answer<Done>>runCommand(replyTo -> new Delete(UID_VALIDITY - 1, replyTo))
        .reply()
        .orRefuse();
    assertThat(view().messages().size()).isEqualTo(1);
  }

  @Test
  void failedWriteIsAnsweredAndLeavesNothing() {
    PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
    ActorRef<MailboxCommand> ref = spawn("snapshot-every = 1000");
    TestProbe<Answer<Mailboxes.Appended>> asker = KIT.createTestProbe();
    journal.failNextPersisted("Mailbox|" + ID);
    ref.tell(
        new Append(
            ContentId.random(), 1, Optional.empty(), Set.of(), Instant.EPOCH, asker.getRef()));
    assertThat(refusal(asker.receiveMessage())).isEqualTo(Refusal.Code.UNAVAILABLE);
    asker.expectTerminated(ref);
    journal.clearAll();
  }

  @Test
  void snapshotIsTakenAndStartedFrom() {
    mailbox = start("snapshot-every = 10");
    Queue<Long> uids = new ArrayDeque<>();
    for (int i = 0; i < 35; i++) {
      uids.add(append("$Key" + i % 3).uid());
    }
    MailboxView before = view();
    mailbox.restart();
    assertThat(view().messages().stream())
        .containsExactlyElementsOf(before.messages().stream().toList());
    assertThat(append().uid()).isEqualTo(36);
    assertThat(uids).hasSize(35);
  }

  @Test
  void everyRefusalLeavesTheStateAlone() {
    append();
    MailboxState before = mailbox.getState();
    assertThat(refusal(append(ContentId.random(), "\\Nonsense"))).isEqualTo(Refusal.Code.CANNOT);
    assertThat(refusal(append(ContentId.random(), "x".repeat(201)))).isEqualTo(Refusal.Code.LIMIT);
    assertThat(mailbox.getState()).isEqualTo(before);
  }

  private static Refusal.Code code(Answer<?> answer) {
    return ((Answer.Refused<?>) answer).code();
  }

  @Test
  void whoCannotBeSureTellsNothingAndLeaves() {
    append();
    neighbours.lastChange =
        () -> CompletableFuture.failedStage(new Refusal(Refusal.Code.UNAVAILABLE, "leads no more"));
    assertThat(code(mailbox.<Answer<MailboxView>>runCommand(GetView::new).reply()))
        .isEqualTo(Refusal.Code.UNAVAILABLE);
    assertThat(neighbours.passivations).hasValue(1);
  }

  @Test
  void whoMissedAChangeOfAnotherIncarnationTellsNothingAndLeaves() {
    append();
    neighbours.lastChange = () -> CompletableFuture.completedStage(2L);
    view();
    neighbours.lastChange = () -> CompletableFuture.completedStage(3L);
    assertThat(code(mailbox.<Answer<Long>>runCommand(MailboxCommand.GetModseq::new).reply()))
        .isEqualTo(Refusal.Code.UNAVAILABLE);
    assertThat(neighbours.passivations).hasValue(1);
  }

  @Test
  void questionsThatComeTogetherShareOneLookAtTheStore() {
    append();
    CompletableFuture<Long> first = new CompletableFuture<>();
    AtomicInteger looks = new AtomicInteger();
    neighbours.lastChange =
        () -> {
          looks.incrementAndGet();
          return first;
        };
    TestProbe<Answer<Long>> asker = KIT.createTestProbe();
    for (int i = 0; i < 10; i++) {
      mailbox.runCommand(new MailboxCommand.GetModseq(asker.getRef()));
    }
    asker.expectNoMessage(Duration.ofMillis(50));
    assertThat(looks).hasValue(1);
    first.complete(0L);
    for (int i = 0; i < 10; i++) {
      asker.receiveMessage().orRefuse();
    }
    // The first alone could be sure of the first look: the others came after it began.
    assertThat(looks).hasValue(2);
  }

  @Test
  void nearlyFullDiskRefusesWhatAddsAndLetsDeletionsThrough() {
    append();
    neighbours.hasRoom = false;
    assertThat(code(append(ContentId.random()))).isEqualTo(Refusal.Code.UNAVAILABLE);
    assertThat(
            mailbox
                .<Answer<MailboxCommand.Expunged>>runCommand(
                    replyTo ->
                        new MailboxCommand.Expunge(
                            new Mailboxes.Expunge.Exactly(UidSet.of(1)), replyTo))
                .reply()
                .orRefuse()
                .uids())
        .isEqualTo(UidSet.of(1));
    neighbours.hasRoom = true;
    append();
  }

  @Test
  void conditionalStoreThatIsSentAgainIsAnsweredAsTheFirst() {
    append();
    append("\\Flagged");
    ContentId operation = ContentId.random();
    long modseq = view().highestModseq();
    store(2, "\\Answered");
    MailboxCommand.Stored first = conditional(operation, modseq);
    assertThat(first.modified()).isEqualTo(UidSet.of(2));
    assertThat(conditional(operation, modseq)).isEqualTo(first);
    mailbox.restart();
    assertThat(conditional(operation, modseq)).isEqualTo(first);
    assertThat(conditional(ContentId.random(), modseq).modified()).isEqualTo(UidSet.of(1, 2));
  }

  private MailboxCommand.Stored conditional(ContentId operation, long unchangedSince) {
    return mailbox
        .<Answer<MailboxCommand.Stored>>runCommand(
            replyTo ->
                new StoreFlags(
                    operation,
                    UidSet.of(1, 2),
                    Mailboxes.StoreMode.ADD,
                    Set.of("\\Seen"),
                    Optional.of(unchangedSince),
                    replyTo))
        .reply()
        .orRefuse();
  }

  @Test
  void whoKnowsTheMailboxFromBeforeIsToldWhatWasMissed() {
    TestProbe<Notice> session = KIT.createTestProbe();
    append();
    append();
    append();
    MailboxView before = view();
    store(2, "\\Seen");
    append();
    mailbox
        .<Answer<MailboxCommand.Expunged>>runCommand(
            replyTo ->
                new MailboxCommand.Expunge(new Mailboxes.Expunge.Exactly(UidSet.of(1)), replyTo))
        .reply();
    MailboxCommand.Known known =
        new MailboxCommand.Known(before.uidValidity(), before.highestModseq(), before.uidNext(), 3);
    MailboxCommand.Standing standing =
        mailbox
            .<Answer<Subscribed>>runCommand(
                replyTo ->
                    new Subscribe(
                        Mailboxes.Access.READ_ONLY, Optional.of(known), session.getRef(), replyTo))
            .reply()
            .orRefuse()
            .standing();
    MailboxEvent.Missed missed = ((MailboxCommand.Standing.Missed) standing).event();
    assertThat(missed.changed().stream().map(m -> m.uid())).containsExactly(2L, 4L);
    MailboxView after = before.after(missed).orElseThrow();
    assertThat(after.messages().stream().toList()).isEqualTo(view().messages().stream().toList());
    assertThat(after.highestModseq()).isEqualTo(view().highestModseq());
  }

  @Test
  void commandsThatCameToAnEntityThatCannotRecoverAreRefusedAtOnce() {
    PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
    journal.clearAll();
    // No other test's mailbox may be the one that reads next.
    MailboxId broken = new MailboxId(new AccountId("broken@example.com"), 1);
    journal.failNextRead("Mailbox|" + broken);
    ActorRef<MailboxCommand> ref = KIT.spawn(Mailbox.create(broken, settings(""), neighbours));
    TestProbe<Answer<Long>> asker = KIT.createTestProbe();
    for (int i = 0; i < 100; i++) {
      ref.tell(new MailboxCommand.GetModseq(asker.getRef()));
    }
    KIT.createTestProbe().expectTerminated(ref, Duration.ofSeconds(10));
    int refused = 0;
    try {
      while (refused < 100) {
        assertThat(code(asker.receiveMessage(Duration.ofMillis(500))))
            .isEqualTo(Refusal.Code.UNAVAILABLE);
        refused++;
      }
    } catch (AssertionError e) {
      // What came after it had ended is a dead letter.
    }
    assertThat(refused).isPositive();
    journal.clearAll();
  }
}
