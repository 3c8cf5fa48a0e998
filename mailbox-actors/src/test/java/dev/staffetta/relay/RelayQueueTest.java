package dev.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.smtp.client.RecipientOutcome.Result;
import dev.staffetta.store.Keys;
import dev.staffetta.store.Store;
import dev.staffetta.store.WriteBatch;
import dev.staffetta.system.RunningMailSystem;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.stream.SystemMaterializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue over a real store, with servers and a time that the test makes. */
class RelayQueueTest {
  @TempDir private Path directory;
  private RelayFixture relay;

  @BeforeEach
  void start() {
    relay = new RelayFixture(directory);
  }

  @AfterEach
  void stop() {
    relay.close();
  }

  @Test
  void whatIsTakenIsGoneFromTheQueue() {
    relay.send("m1@example.com", "bob@one.example", "carol@two.example");
    relay.eventually(
        () -> {
          assertThat(relay.servers.answered)
              .containsExactlyInAnyOrder(
                  "DELIVERED bob@one.example", "DELIVERED carol@two.example");
          assertThat(relay.waiting()).isZero();
        });
  }

  @Test
  void aGreylistedMessageIsTriedAgainWhenItIsTime() {
    relay.servers.results.put("bob@one.example", () -> Result.TEMPORARY);
    relay.send("m1@example.com", "bob@one.example");
    relay.eventually(
        () -> assertThat(relay.servers.answered).containsExactly("TEMPORARY bob@one.example"));
    relay.servers.recover();
    relay.pass(Duration.ofMinutes(7));
    relay.eventually(
        () -> {
          assertThat(relay.servers.answered)
              .containsExactly("TEMPORARY bob@one.example", "DELIVERED bob@one.example");
          assertThat(relay.waiting()).isZero();
        });
  }

  @Test
  void theSenderHearsOnceOfAFailure() {
    relay.system().account("alice@example.com");
    relay.servers.results.put("bob@one.example", () -> Result.PERMANENT);
    relay.send("m1@example.com", "bob@one.example", "carol@one.example");
    relay.eventually(
        () -> {
          assertThat(relay.waiting()).isZero();
          assertThat(relay.inbox()).hasSize(1);
        });
  }

  @Test
  void aDestinationThatIsAwayIsGivenUpAfterFiveDays() {
    relay.system().account("alice@example.com");
    relay.servers.refuse("one.example");
    relay.send("m1@example.com", "bob@one.example");
    relay.eventually(() -> assertThat(relay.servers.opened).contains("one.example"));
    assertThat(relay.waiting()).isEqualTo(1);
    relay.pass(Duration.ofHours(5));
    relay.eventually(() -> assertThat(relay.inbox()).as("told of the delay").hasSize(1));
    relay.pass(Duration.ofDays(6));
    relay.eventually(
        () -> {
          assertThat(relay.inbox()).as("told of the failure").hasSize(2);
          assertThat(relay.waiting()).isZero();
        });
  }

  @Test
  void mailIsStillThereAfterARestart() {
    relay.servers.refuse("one.example");
    relay.send("m1@example.com", "bob@one.example");
    relay.eventually(() -> assertThat(relay.servers.opened).contains("one.example"));
    relay.stop();
    relay.servers.recover();
    relay.pass(Duration.ofMinutes(10));
    relay.startAgain();
    relay.eventually(
        () -> {
          assertThat(relay.servers.answered).containsExactly("DELIVERED bob@one.example");
          assertThat(relay.waiting()).isZero();
        });
  }

  @Test
  void aBlackHoleHoldsUpNobodyElse() {
    relay.servers.swallow("hole.example");
    for (int i = 0; i < 30; i++) {
      relay.send("m1@example.com", "bob" + i + "@hole.example");
    }
    relay.send("m1@example.com", "carol@two.example");
    relay.eventually(
        () -> assertThat(relay.servers.answered).containsExactly("DELIVERED carol@two.example"));
    assertThat(relay.servers.opened.stream().filter("hole.example"::equals).count())
        .isLessThanOrEqualTo(5);
  }

  @Test
  void whatIsAcceptedAgainIsThereOnce() {
    relay.servers.refuse("one.example");
    SpooledMessage message = relay.system().message("Subject: s\r\n\r\nHi\r\n");
    relay.deliver(EnvelopeOptions.NONE, message, "bob@one.example");
    relay.deliver(EnvelopeOptions.NONE, message, "bob@one.example");
    assertThat(relay.waiting()).isEqualTo(1);
  }

  @Test
  void aMessageThatIsLostHereComesBackAtOnce() {
    relay.system().account("alice@example.com");
    relay.servers.refuse("one.example");
    ContentId content = relay.send("m1@example.com", "bob@one.example");
    relay.eventually(() -> assertThat(relay.servers.opened).contains("one.example"));
    lose("one.example", Keys.content(Outbound.contentOf(content)));
    relay.servers.recover();
    relay.pass(Duration.ofMinutes(10));
    relay.eventually(
        () -> {
          assertThat(relay.waiting()).isZero();
          assertThat(relay.inbox()).hasSize(1);
        });
    assertThat(relay.servers.answered).isEmpty();
    assertThat(relay.inbox().get(0))
        .contains("Status: 5.3.0")
        .contains("is not attached")
        .doesNotContain("Content-Type: message/rfc822")
        .doesNotContain("Remote-MTA");
  }

  @Test
  void soDoesOneOfWhichAPieceIsLost() {
    relay.system().account("alice@example.com");
    relay.servers.reading(SystemMaterializer.get(relay.system().system()).materializer());
    relay.servers.refuse("one.example");
    ContentId content =
        relay.sendText("Subject: long\r\n\r\n" + "x\r\n".repeat(200_000), "bob@one.example");
    relay.eventually(() -> assertThat(relay.servers.opened).contains("one.example"));
    lose("one.example", Keys.chunk(Outbound.contentOf(content), 1));
    relay.servers.recover();
    relay.pass(Duration.ofMinutes(10));
    relay.eventually(
        () -> {
          assertThat(relay.waiting()).isZero();
          assertThat(relay.inbox()).hasSize(1);
        });
    assertThat(relay.inbox().get(0)).contains("Status: 5.3.0").contains("Subject: long");
  }

  @Test
  void aFailureIsToldThoughTheMessageIsLost() {
    relay.system().account("alice@example.com");
    relay.servers.refuse("one.example");
    ContentId content = relay.send("m1@example.com", "bob@one.example");
    relay.eventually(() -> assertThat(relay.servers.opened).contains("one.example"));
    lose("one.example", Keys.content(Outbound.contentOf(content)));
    relay.pass(Duration.ofDays(6));
    relay.eventually(
        () -> {
          assertThat(relay.waiting()).isZero();
          assertThat(relay.inbox()).hasSize(1);
        });
    assertThat(relay.inbox().get(0)).contains("Status: 5.4.1").contains("is not attached");
  }

  @Test
  void oneLostConnectionCostsADestinationSecondsOnly() {
    relay.servers.losing.add("one.example");
    relay.send("m1@example.com", "bob@one.example");
    relay.eventually(
        () -> assertThat(relay.servers.answered).containsExactly("LOST bob@one.example"));
    relay.servers.recover();
    relay.send("m2@example.com", "carol@one.example");
    relay.pass(Duration.ofSeconds(20));
    relay.eventually(
        () -> assertThat(relay.servers.answered).contains("DELIVERED carol@one.example"));
    // It may have been the message that the connection was lost by: it keeps its own time.
    assertThat(relay.servers.answered).doesNotContain("DELIVERED bob@one.example");
    relay.pass(Duration.ofMinutes(6));
    relay.eventually(
        () -> assertThat(relay.servers.answered).contains("DELIVERED bob@one.example"));
  }

  @Test
  void allThatWaitsGoesWhenItsDestinationIsBack() {
    relay.servers.refuse("one.example");
    for (int i = 0; i < 120; i++) {
      relay.send("m" + i + "@example.com", "bob" + i + "@one.example");
    }
    relay.eventually(
        () ->
            assertThat(relay.items())
                .hasSize(120)
                .allSatisfy(item -> assertThat(item.failures()).isEqualTo(1)));
    relay.servers.recover();
    // Its first messages are due in five minutes.
    relay.pass(Duration.ofSeconds(45));
    relay.eventually(() -> assertThat(relay.waiting()).isZero());
    assertThat(relay.servers.answered).hasSize(120).doesNotHaveDuplicates();
  }

  @Test
  void thatIsSoAfterARestart() {
    relay.servers.refuse("one.example");
    relay.send("m1@example.com", "bob@one.example");
    relay.send("m2@example.com", "carol@one.example");
    relay.eventually(
        () ->
            assertThat(relay.items())
                .hasSize(2)
                .allSatisfy(item -> assertThat(item.failures()).isEqualTo(1)));
    relay.stop();
    relay.servers.recover();
    relay.pass(Duration.ofSeconds(1));
    relay.startAgain();
    relay.eventually(() -> assertThat(relay.waiting()).isZero());
  }

  private void lose(String destination, byte[] key) {
    Store store = relay.system().store();
    RunningMailSystem.await(
        store.write(store.partitionOf(destination), WriteBatch.builder().delete(key).build()));
  }
}
