package dev.staffetta.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mailbox.MailboxCommand.Move;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Answer;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** Messages that are moved elsewhere, while either mailbox crashes or will not. */
class MailboxMovesTest extends MailboxFixture {
  @Test
  void startedMoveIsCarriedOnAfterACrashAndWhatTouchesItWaits() {
    append("\\Flagged");
    append();
    TestProbe<Answer<Transfer>> mover = kit.createTestProbe();
    ContentId operation = ContentId.random();
    mailbox.runCommand(new Move(operation, UidSet.of(1), 9, mover.getRef()));
    kit.createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(neighbours.received).hasSize(1);
              return null;
            });
    mailbox.restart();
    assertThat(mover.receiveMessage()).isInstanceOf(Answer.Refused.class);
    kit.createTestProbe()
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
    TestProbe<Answer<MailboxCommand.Expunged>> expunger = kit.createTestProbe();
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
    TestProbe<Answer<Transfer>> mover = kit.createTestProbe();
    mailbox.runCommand(new Move(ContentId.random(), UidSet.of(1), 9, mover.getRef()));
    kit.createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(neighbours.transfers).hasSize(1);
              return null;
            });
    neighbours.transfers.remove().complete(Answer.unavailable());
    // Nobody can tell: asked again.
    kit.createTestProbe()
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
}
