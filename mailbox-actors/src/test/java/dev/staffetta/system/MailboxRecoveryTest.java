package dev.staffetta.system;

import static dev.staffetta.system.RunningMailSystem.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mailbox.MailboxCommand;
import dev.staffetta.mailbox.Notice;
import dev.staffetta.mailbox.ShardedMailboxes;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mailbox with 100,000 messages is there in less than two seconds. */
class MailboxRecoveryTest {
  private static final Logger log = LoggerFactory.getLogger(MailboxRecoveryTest.class);
  private static final UidSet FIRST = new UidSet(List.of(new UidSet.Range(1, 30_000)));
  private static final int MESSAGES = 100_000;
  private static final Duration LIMIT = Duration.ofSeconds(2);

  @TempDir private Path directory;

  @Test
  void largeMailboxIsRecoveredQuickly() {
    String[] settings = {"mailboxes.snapshot-every = 40"};
    MailboxId inbox = MailboxId.inboxOf(new AccountId("alice@example.com"));
    try (RunningMailSystem running = new RunningMailSystem(directory, settings)) {
      AccountId alice = running.account("alice@example.com");
      MailboxId other = await(running.mail().folders().tree(alice)).mailbox("Sent").orElseThrow();
      grow(running, inbox, other);
      // Changes after the last snapshot, to be replayed.
      for (int i = 0; i < 30; i++) {
        running.append(inbox, "Subject: last " + i + "\r\n\r\n");
      }
      assertRecovers(running, inbox);
    }
    try (RunningMailSystem running = new RunningMailSystem(directory, settings)) {
      assertThat(view(running, inbox).messages().size()).isGreaterThanOrEqualTo(MESSAGES);
      assertRecovers(running, inbox);
    }
  }

  /** Copies to and fro, until there are enough. */
  private static void grow(RunningMailSystem running, MailboxId inbox, MailboxId other) {
    for (int i = 0; i < 50; i++) {
      running.append(inbox, "Subject: " + i + "\r\n\r\n");
    }
    MailboxId from = inbox;
    MailboxId to = other;
    while (view(running, inbox).messages().size() < MESSAGES) {
      await(running.mail().mailboxes().copy(from, FIRST, to, ContentId.random()));
      MailboxId next = from;
      from = to;
      to = next;
    }
  }

  private static void assertRecovers(RunningMailSystem running, MailboxId inbox) {
    MailboxView before = view(running, inbox);
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      stop(running, inbox);
      long start = System.nanoTime();
      MailboxView after = view(running, inbox);
      best = Math.min(best, System.nanoTime() - start);
      assertThat(after.messages().size()).isEqualTo(before.messages().size());
      assertThat(after.highestModseq()).isEqualTo(before.highestModseq());
    }
    log.warn(
        "{} messages recovered in {} ms",
        before.messages().size(),
        TimeUnit.NANOSECONDS.toMillis(best));
    assertThat(Duration.ofNanos(best)).isLessThan(LIMIT);
  }

  /** Has the entity leave memory. */
  private static void stop(RunningMailSystem running, MailboxId mailbox) {
    EntityRef<MailboxCommand> entity =
        ClusterSharding.get(running.system())
            .entityRefFor(ShardedMailboxes.TYPE, mailbox.toString());
    TestProbe<Answer<MailboxCommand.Subscribed>> asker = TestProbe.create(running.system());
    TestProbe<Notice> session = TestProbe.create(running.system());
    entity.tell(
        new MailboxCommand.Subscribe(
            Mailboxes.Access.READ_ONLY, Optional.empty(), session.getRef(), asker.getRef()));
    ActorRef<MailboxCommand> incarnation =
        asker.receiveMessage(RunningMailSystem.patience()).orRefuse().mailbox();
    incarnation.tell(MailboxCommand.Signal.STOP);
    asker.expectTerminated(incarnation, RunningMailSystem.patience());
  }

  private static MailboxView view(RunningMailSystem running, MailboxId mailbox) {
    return await(running.mail().mailboxes().view(mailbox));
  }
}
