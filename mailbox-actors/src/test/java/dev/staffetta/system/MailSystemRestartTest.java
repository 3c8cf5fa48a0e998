package dev.staffetta.system;

import static dev.staffetta.system.RunningMailSystem.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mailbox.MailboxCommand;
import dev.staffetta.mailbox.ShardedMailboxes;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.UidSet;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is there after the node, or an entity, was started again. */
class MailSystemRestartTest {
  @TempDir private Path directory;

  private static MailboxView view(RunningMailSystem running, MailboxId mailbox) {
    return await(running.mail().mailboxes().view(mailbox));
  }

  private static void store(RunningMailSystem running, MailboxId mailbox, long uid, String flag) {
    await(
        running
            .mail()
            .mailboxes()
            .store(
                mailbox, UidSet.of(uid), Mailboxes.StoreMode.ADD, Set.of(flag), Optional.empty()));
  }

  @Test
  void allThatWasAnsweredIsThereAfterARestart() {
    String[] settings = {"mailboxes.snapshot-every = 7", "accounts.snapshot-every = 3"};
    AccountId alice = new AccountId("alice@example.com");
    MailboxId inbox = MailboxId.inboxOf(alice);
    MailboxId archive;
    MailboxView before;
    MailboxView archived;
    try (RunningMailSystem running = new RunningMailSystem(directory, settings)) {
      running.account(alice.address());
      await(running.mail().folders().create(alice, "a/b", Optional.empty()));
      await(running.mail().folders().delete(alice, "Junk"));
      archive = await(running.mail().folders().tree(alice)).mailbox("Archive").orElseThrow();
      for (int i = 1; i <= 20; i++) {
        running.append(inbox, "Subject: " + i + "\r\n\r\n" + "x".repeat(i * 20_000), "$k" + i % 4);
        store(running, inbox, i, "\\Seen");
      }
      await(
          running
              .mail()
              .mailboxes()
              .move(inbox, UidSet.of(3, 4, 5), archive, dev.staffetta.ports.ContentId.random()));
      before = view(running, inbox);
      archived = view(running, archive);
    }
    try (RunningMailSystem running = new RunningMailSystem(directory, settings)) {
      assertSame(view(running, inbox), before);
      assertSame(view(running, archive), archived);
      assertThat(await(running.mail().folders().tree(alice)).folders().keySet())
          .containsExactly("Archive", "Drafts", "INBOX", "Sent", "Trash", "a", "a/b");
      await(
          running
              .mail()
              .accounts()
              .authenticate(
                  "alice@example.com",
                  "secret of alice@example.com",
                  InetAddress.getLoopbackAddress()));
      assertThat(await(running.mail().directory().domains())).containsExactly("example.com");
      assertThat(running.append(inbox, "next").uid()).isEqualTo(21);
    }
  }

  private static void assertSame(MailboxView after, MailboxView before) {
    assertThat(after.uidValidity()).isEqualTo(before.uidValidity());
    assertThat(after.uidNext()).isEqualTo(before.uidNext());
    assertThat(after.highestModseq()).isEqualTo(before.highestModseq());
    assertThat(after.keywords()).isEqualTo(before.keywords());
    assertThat(after.messages().stream().toList()).isEqualTo(before.messages().stream().toList());
  }

  @Test
  void sessionFollowsItsMailboxWhenThatIsStartedAgain() {
    try (RunningMailSystem running = new RunningMailSystem(directory)) {
      AccountId alice = running.account("alice@example.com");
      MailboxId inbox = MailboxId.inboxOf(alice);
      running.append(inbox, "a");
      List<MailboxEvent> events = new CopyOnWriteArrayList<>();
      OpenMailbox open =
          await(running.mail().mailboxes().open(inbox, Mailboxes.Access.READ_ONLY, events::add));
      for (int round = 1; round <= 3; round++) {
        ClusterSharding.get(running.system())
            .entityRefFor(ShardedMailboxes.TYPE, inbox.toString())
            .tell(MailboxCommand.Signal.STOP);
        Mailboxes.Appended appended = running.append(inbox, "b");
        Awaitility.await()
            .atMost(RunningMailSystem.patience())
            .until(() -> !events.isEmpty() && modseq(events) == appended.modseq());
      }
      assertThat(uids(open.view(), events)).containsExactly(1L, 2L, 3L, 4L);
      open.close();
    }
  }

  private static long modseq(List<MailboxEvent> events) {
    MailboxEvent last = events.get(events.size() - 1);
    return last instanceof MailboxEvent.Missed missed
        ? missed.modseq()
        : ((MailboxEvent.Changed) last).modseq();
  }

  /** What a session knows by what it was told. */
  private static List<Long> uids(MailboxView view, List<MailboxEvent> events) {
    MailboxView now = view;
    for (MailboxEvent event : events) {
      now =
          event instanceof MailboxEvent.Missed missed
              ? now.after(missed).orElseThrow()
              : now.after((MailboxEvent.Changed) event).orElseThrow();
    }
    return now.messages().stream().map(Message::uid).toList();
  }
}
