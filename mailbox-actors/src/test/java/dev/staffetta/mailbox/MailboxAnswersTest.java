package dev.staffetta.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mailbox.MailboxCommand.GetView;
import dev.staffetta.mailbox.MailboxCommand.Subscribe;
import dev.staffetta.mailbox.MailboxCommand.Subscribed;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Answer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** What sessions are told: at once, from what is certain, and what they have missed. */
class MailboxAnswersTest extends MailboxFixture {
  @Test
  void sessionsAreToldBeforeTheAnswerComes() {
    TestProbe<Notice> session = kit.createTestProbe();
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
    TestProbe<Notice> reader = kit.createTestProbe();
    TestProbe<Notice> writer = kit.createTestProbe();
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

  @Test
  void whoCannotBeSureTellsNothingAndLeaves() {
    append();
    neighbours.lastChange =
        () -> CompletableFuture.failedStage(new Refusal(Refusal.Code.UNAVAILABLE, "leads no more"));
    assertThat(refusal(mailbox.<Answer<MailboxView>>runCommand(GetView::new).reply()))
        .isEqualTo(Refusal.Code.UNAVAILABLE);
    assertThat(neighbours.passivations).hasValue(1);
  }

  @Test
  void whoMissedAChangeOfAnotherIncarnationTellsNothingAndLeaves() {
    append();
    neighbours.lastChange = () -> CompletableFuture.completedStage(2L);
    view();
    neighbours.lastChange = () -> CompletableFuture.completedStage(3L);
    assertThat(refusal(mailbox.<Answer<Long>>runCommand(MailboxCommand.GetModseq::new).reply()))
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
    TestProbe<Answer<Long>> asker = kit.createTestProbe();
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
  void whoKnowsTheMailboxFromBeforeIsToldWhatWasMissed() {
    TestProbe<Notice> session = kit.createTestProbe();
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
}
