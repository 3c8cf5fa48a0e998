package dev.staffetta.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mailbox.MailboxCommand.Delete;
import dev.staffetta.mailbox.MailboxCommand.GetView;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** What a mailbox is before it has written anything, and after its deletion; when it leaves. */
class MailboxExistenceTest extends MailboxFixture {
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
    TestProbe<Answer<MailboxView>> asker = kit.createTestProbe();
    TestProbe<Answer<MailboxView>> second = kit.createTestProbe();
    ActorRef<MailboxCommand> ref = spawn("snapshot-every = 1000");
    ref.tell(new GetView(asker.getRef()));
    kit.createTestProbe()
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

  @Test
  void openMailboxDoesNotLeave() {
    TestProbe<Notice> session = kit.createTestProbe();
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
  void deletedMailboxLetsGoOfEverythingAndStaysDeleted() {
    mailbox = start("removed-at-a-time = 2");
    for (int i = 0; i < 5; i++) {
      append();
    }
    TestProbe<Notice> session = kit.createTestProbe();
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
}
