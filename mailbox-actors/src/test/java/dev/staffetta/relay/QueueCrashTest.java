package dev.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.relay.QueueFixture.Sending;
import dev.staffetta.smtp.client.RecipientOutcome.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left when a queue ends between any two of its writes, and when there are two of it. */
class QueueCrashTest {
  @TempDir private Path directory;
  private QueueFixture queues;

  @BeforeEach
  void start() throws Exception {
    queues = new QueueFixture(directory);
  }

  @AfterEach
  void stop() {
    queues.close();
  }

  @Test
  void aReportThatWasNotSentWhenItsQueueEndedIsSentByTheNext() {
    queues.servers.results.put("bob@one.example", () -> Result.PERMANENT);
    ActorRef<RelayQueueCommand> first = queues.start();
    assertThat(queues.send(first, "bob@one.example")).isTrue();
    queues.eventually(() -> assertThat(queues.reports).hasSize(1));
    // The outcome is written: nobody asks the server again.
    assertThat(queues.items())
        .singleElement()
        .satisfies(item -> assertThat(item.hasReportsDue()).isTrue());
    queues.end(first);

    ActorRef<RelayQueueCommand> second = queues.start();
    queues.eventually(() -> assertThat(queues.reports).hasSize(2));
    queues.reports.get(1).sent().complete(null);
    queues.eventually(() -> assertThat(queues.items()).isEmpty());
    queues.end(second);

    // Once it is written that it was sent, never again.
    ActorRef<RelayQueueCommand> third = queues.start();
    assertThat(queues.send(third, "carol@one.example")).isTrue();
    queues.eventually(
        () ->
            assertThat(queues.servers.answered)
                .containsExactly("PERMANENT bob@one.example", "DELIVERED carol@one.example"));
    assertThat(queues.reports).hasSize(2);
  }

  /** Whoever sends reports knows a repeat by what is the same in both. */
  @Test
  void aReportThatWasSentWhenItsQueueEndedIsRepeatedOnceAndRecognisable() {
    queues.servers.results.put("bob@one.example", () -> Result.PERMANENT);
    ActorRef<RelayQueueCommand> first = queues.start();
    assertThat(queues.send(first, "bob@one.example")).isTrue();
    queues.eventually(() -> assertThat(queues.reports).hasSize(1));
    queues.end(first);
    queues.reports.get(0).sent().complete(null);

    queues.start();
    queues.eventually(() -> assertThat(queues.reports).hasSize(2));
    queues.reports.get(1).sent().complete(null);
    queues.eventually(() -> assertThat(queues.items()).isEmpty());
    List<Report> both = queues.reports.stream().map(Sending::report).toList();
    assertThat(both.get(1).content()).isEqualTo(both.get(0).content());
    assertThat(both.get(1).kind()).isEqualTo(both.get(0).kind());
    assertThat(both.get(1).mail()).isEqualTo(both.get(0).mail());
    assertThat(both.get(1).recipients())
        .usingRecursiveComparison()
        .ignoringFields("lastAttempt")
        .isEqualTo(both.get(0).recipients());
  }

  @Test
  void aReportThatFailedIsSentAgainAfterAMinuteOrByTheNextQueue() {
    queues.servers.results.put("bob@one.example", () -> Result.PERMANENT);
    ActorRef<RelayQueueCommand> first = queues.start();
    assertThat(queues.send(first, "bob@one.example")).isTrue();
    queues.eventually(() -> assertThat(queues.reports).hasSize(1));
    queues.reports.get(0).sent().completeExceptionally(new IllegalStateException("no mailbox"));
    queues.end(first);
    queues.start();
    queues.eventually(() -> assertThat(queues.reports).hasSize(2));
  }

  /**
   * The partition's lead moved while a queue waited for a server's answer: the new queue has made a
   * change, so the outcome that the old one hears is not written, and it ends.
   */
  @Test
  void aQueueWhosePartitionMovedCannotWriteAnOutcome() {
    HeldServers servers = new HeldServers();
    ActorRef<RelayQueueCommand> old = queues.start(servers);
    assertThat(queues.send(old, "bob@one.example")).isTrue();
    queues.eventually(() -> assertThat(servers.held).hasSize(1));
    QueueItem before = queues.items().get(0);

    ActorRef<RelayQueueCommand> current = queues.start();
    queues.servers.refuse("one.example");
    assertThat(queues.send(current, "carol@two.example")).isTrue();
    queues.eventually(
        () ->
            assertThat(queues.items())
                .as("carol's is delivered")
                .singleElement()
                .satisfies(
                    item ->
                        assertThat(item.recipients())
                            .extracting(RecipientState::address)
                            .containsExactly(RelayFixture.address("bob@one.example"))));

    servers.held.get(0).take();
    queues.awaitEnd(old);
    QueueItem after = queues.items().get(0);
    assertThat(after.recipients().get(0).isWaiting()).as("not written as delivered").isTrue();
    assertThat(after.id()).isEqualTo(before.id());
    assertThat(queues.send(current, "dave@two.example")).as("the current one goes on").isTrue();

    queues.servers.recover();
    queues.clock.pass(Duration.ofMinutes(20));
    // It was taken twice then, which is what RFC 1047 is about; it is never lost.
    queues.eventually(() -> assertThat(queues.items()).isEmpty());
    assertThat(queues.servers.answered).contains("DELIVERED bob@one.example");
  }
}
