package dev.staffetta.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mailbox.MailboxCommand.Append;
import dev.staffetta.mailbox.MailboxCommand.StoreFlags;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
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
import java.util.Queue;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.Test;

/** What is written, and what is not: gathering, snapshots, refusals, failing writes. */
class MailboxWritesTest extends MailboxFixture {
  @Test
  void commandsThatComeTogetherAreWrittenTogether() {
    PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
    ActorRef<MailboxCommand> ref = spawn("snapshot-every = 1000");
    TestProbe<Answer<Mailboxes.Appended>> asker = kit.createTestProbe();
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
  void failedWriteIsAnsweredAndLeavesNothing() {
    PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
    ActorRef<MailboxCommand> ref = spawn("snapshot-every = 1000");
    TestProbe<Answer<Mailboxes.Appended>> asker = kit.createTestProbe();
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

  @Test
  void nearlyFullDiskRefusesWhatAddsAndLetsDeletionsThrough() {
    append();
    neighbours.hasRoom = false;
    assertThat(refusal(append(ContentId.random()))).isEqualTo(Refusal.Code.UNAVAILABLE);
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
  void commandsThatCameToAnEntityThatCannotRecoverAreRefusedAtOnce() {
    PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
    journal.clearAll();
    // No other test's mailbox may be the one that reads next.
    MailboxId broken = new MailboxId(new AccountId("broken@example.com"), 1);
    journal.failNextRead("Mailbox|" + broken);
    TestProbe<Answer<Long>> asker = kit.createTestProbe();
    // They are there before it asks the journal, and so before it can hear that it cannot read.
    ActorRef<MailboxCommand> ref =
        kit.spawn(
            Behaviors.setup(
                context -> {
                  for (int i = 0; i < 100; i++) {
                    context.getSelf().tell(new MailboxCommand.GetModseq(asker.getRef()));
                  }
                  return Mailbox.create(broken, settings(""), neighbours);
                }));
    kit.createTestProbe().expectTerminated(ref, Duration.ofSeconds(10));
    for (int i = 0; i < 100; i++) {
      assertThat(refusal(asker.receiveMessage())).isEqualTo(Refusal.Code.UNAVAILABLE);
    }
    journal.clearAll();
  }
}
