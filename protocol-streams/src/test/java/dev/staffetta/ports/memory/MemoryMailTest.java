package dev.staffetta.ports.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Accounts.MaildropLock;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes.Access;
import dev.staffetta.ports.Mailboxes.Expunge;
import dev.staffetta.ports.Mailboxes.StoreMode;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What the ports in memory have beyond the ports: answers at once, and faults. */
class MemoryMailTest {
  private final MemoryMail mail = new MemoryMail();
  private final AccountId alice = mail.addAccount("alice@example.com", "secret");
  private final MailboxId inbox = MailboxId.inboxOf(alice);
  private final List<MailboxEvent> events = new ArrayList<>();

  @Test
  void listenersHearOfEveryChangeInOrder() {
    OpenMailbox open = now(mail.mailboxes().open(inbox, Access.READ_WRITE, events::add));
    mail.put(alice, "one");
    mail.put(alice, "two");
    now(
        mail.mailboxes()
            .store(
                inbox, UidSet.of(1, 9), StoreMode.ADD, Set.of("\\Seen", "$x"), Optional.empty()));
    now(mail.mailboxes().expunge(inbox, new Expunge.Exactly(UidSet.of(1))));
    assertThat(events).hasSize(4);
    long modseq = open.view().highestModseq();
    for (MailboxEvent event : events) {
      MailboxEvent.Changed changed = (MailboxEvent.Changed) event;
      assertThat(changed.sinceModseq()).isEqualTo(modseq);
      modseq = changed.modseq();
    }
    MailboxEvent.Changed stored = (MailboxEvent.Changed) events.get(2);
    assertThat(stored.keywords()).containsExactly("$x");
    assertThat(stored.changed())
        .extracting(Message::flags)
        .containsExactly(Flags.SEEN | Flags.keyword(0));
    assertThat(((MailboxEvent.Changed) events.get(3)).expunged()).isEqualTo(UidSet.of(1));
    open.close();
    mail.put(alice, "three");
    assertThat(events).hasSize(4);
  }

  @Test
  void faultsMeetTheNextCallOnly() {
    mail.faults().refuseNext(PortCall.VIEW, Refusal.Code.UNAVAILABLE);
    mail.faults().failNext(PortCall.VIEW);
    assertRefused(mail.mailboxes().view(inbox), Refusal.Code.UNAVAILABLE);
    assertThatThrownBy(() -> now(mail.mailboxes().view(inbox)))
        .hasCauseInstanceOf(Faults.Broken.class);
    now(mail.mailboxes().view(inbox));

    Faults.Held held = mail.faults().holdNext(PortCall.LOCK_MAILDROP);
    CompletableFuture<MaildropLock> lock =
        mail.accounts().lockMaildrop(alice).toCompletableFuture();
    assertThat(lock).isNotDone();
    assertThat(mail.isMaildropLocked(alice)).isFalse();
    held.release();
    assertThat(lock).isDone();

    mail.put(alice, "one");
    mail.faults().loseAnswerOfNext(PortCall.EXPUNGE);
    assertThatThrownBy(
        () -> now(mail.mailboxes().expunge(inbox, new Expunge.Exactly(UidSet.of(1)))));
    assertThat(mail.view(inbox).messages().isEmpty()).isTrue();
    mail.faults().silenceNext(PortCall.TREE);
    assertThat(mail.folders().tree(alice).toCompletableFuture()).isNotDone();
  }

  private static <T> T now(CompletionStage<T> stage) {
    assertThat(stage.toCompletableFuture()).isDone();
    return stage.toCompletableFuture().join();
  }

  private static void assertRefused(CompletionStage<?> stage, Refusal.Code code) {
    assertThatThrownBy(() -> stage.toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .satisfies(e -> assertThat(Refusal.of(e).code()).isEqualTo(code))
        .hasCauseInstanceOf(Refusal.class);
  }
}
