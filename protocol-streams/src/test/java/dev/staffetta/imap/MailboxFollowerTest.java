package dev.staffetta.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.imap.session.Input;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import dev.staffetta.ports.memory.MemoryMail;
import dev.staffetta.ports.memory.PortCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MailboxFollowerTest {
  private final ImapFixture fixture = new ImapFixture();
  private final MemoryMail mail = fixture.mail;
  private final List<Input> inputs = new ArrayList<>();
  private final MailboxFollower follower =
      new MailboxFollower(7, fixture.inbox(), mail.mailboxes(), inputs::add);

  private MailboxView stands() {
    return ((Input.Stands) inputs.get(inputs.size() - 1)).view();
  }

  private MailboxEvent.Changed added(long since, long uid) {
    Message message = new Message(uid, 0, since + 1, 5, Instant.EPOCH, ContentId.random());
    return new MailboxEvent.Changed(
        since, since + 1, uid + 1, List.of(), List.of(message), List.of(), UidSet.EMPTY);
  }

  @Test
  void everyEventBecomesAView() {
    follower.opened(mail.view(fixture.inbox()));
    follower.on(added(1, 1));
    follower.on(added(2, 2));
    assertThat(stands().messages().size()).isEqualTo(2);
    assertThat(stands().highestModseq()).isEqualTo(3);
    assertThat(stands().uidNext()).isEqualTo(3);
  }

  @Test
  void whatIsKnownAlreadyIsNoNews() {
    follower.opened(mail.view(fixture.inbox()));
    follower.on(added(0, 1));
    assertThat(inputs).isEmpty();
  }

  @Test
  void eventsThatCameBeforeTheOpeningCount() {
    follower.on(added(1, 1));
    assertThat(inputs).isEmpty();
    follower.opened(mail.view(fixture.inbox()));
    assertThat(stands().messages().size()).isEqualTo(1);
  }

  @Test
  void aGapIsMadeUpForByTheView() {
    follower.opened(mail.view(fixture.inbox()));
    mail.put(fixture.alice, "one");
    mail.put(fixture.alice, "two");
    follower.on(added(2, 2));
    assertThat(stands()).isEqualTo(mail.view(fixture.inbox()));
  }

  @Test
  void anEventThatComesWhileItAsksIsNotForgotten() {
    follower.opened(mail.view(fixture.inbox()));
    mail.put(fixture.alice, "one");
    mail.put(fixture.alice, "two");
    MailboxView old = mail.view(fixture.inbox());
    var held = mail.faults().holdNext(PortCall.VIEW);
    follower.on(added(2, 2));
    mail.put(fixture.alice, "three");
    follower.on(added(3, 3));
    held.release();
    assertThat(stands().highestModseq()).isGreaterThan(old.highestModseq());
    assertThat(stands().messages().size()).isEqualTo(3);
  }

  @Test
  void whenNobodyCanSayTheNextEventAsksAgain() {
    follower.opened(mail.view(fixture.inbox()));
    mail.put(fixture.alice, "one");
    mail.put(fixture.alice, "two");
    mail.faults().refuseNext(PortCall.VIEW, Refusal.Code.UNAVAILABLE);
    follower.on(added(2, 2));
    assertThat(inputs).isEmpty();
    follower.on(added(3, 3));
    assertThat(stands().messages().size()).isEqualTo(2);
  }

  @Test
  void anotherUidValidityIsAnotherMailbox() {
    MailboxView view = mail.view(fixture.inbox());
    follower.opened(view);
    follower.on(
        new MailboxEvent.Resynchronised(
            new MailboxView(view.id(), view.uidValidity() + 1, 1, 99, List.of(), view.messages())));
    assertThat(inputs).containsExactly(new Input.Gone(7));
  }

  @Test
  void whoWaitsIsAnsweredWhenTheViewIsThere() {
    follower.opened(mail.view(fixture.inbox()));
    CompletableFuture<MailboxView> waiting =
        follower.at(3, Duration.ofMinutes(1)).toCompletableFuture();
    follower.on(added(1, 1));
    assertThat(waiting).isNotDone();
    follower.on(added(2, 2));
    assertThat(waiting).isCompletedWithValueMatching(view -> view.messages().size() == 2);
    assertThat(follower.at(3, Duration.ofMinutes(1)).toCompletableFuture()).isCompleted();
  }

  @Test
  void whoWaitsInVainIsAnsweredAndTheMailboxAsked() {
    follower.opened(mail.view(fixture.inbox()));
    mail.put(fixture.alice, "one");
    assertThat(follower.at(2, Duration.ofMillis(1)).toCompletableFuture())
        .succeedsWithin(10, TimeUnit.SECONDS)
        .satisfies(view -> assertThat(view.messages().size()).isEqualTo(1));
    assertThat(stands().messages().size()).isEqualTo(1);
  }

  @Test
  void whoWaitsForAMailboxThatGoesIsAnswered() {
    follower.opened(mail.view(fixture.inbox()));
    CompletableFuture<MailboxView> waiting =
        follower.at(3, Duration.ofMinutes(1)).toCompletableFuture();
    follower.on(new MailboxEvent.Deleted());
    assertThat(waiting).isCompleted();
    assertThat(inputs).containsExactly(new Input.Gone(7));
    follower.on(added(1, 1));
    assertThat(inputs).hasSize(1);
  }
}
