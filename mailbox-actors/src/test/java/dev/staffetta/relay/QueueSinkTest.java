package dev.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.RelaySettings;
import dev.staffetta.relay.route.Route;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.SmtpTransport;
import dev.staffetta.smtp.sink.ReceivedMail;
import dev.staffetta.smtp.sink.SinkScript;
import dev.staffetta.smtp.sink.SmtpSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue, the client and a scripted server, over real connections, in a time the test makes. */
class QueueSinkTest {
  private static final Duration UNTIL_RETRY = Duration.ofMinutes(7);

  @TempDir private Path directory;
  private final SinkScript script = new SinkScript();
  private SmtpSink sink;
  private RelayFixture relay;

  @BeforeEach
  void start() {
    sink = SmtpSink.start(script);
    relay = new RelayFixture(directory);
    relay.system().account("alice@example.com");
    relay.sendBy(
        (domain, requiresTls) ->
            CompletableFuture.completedStage(
                new Route.Hops(
                    domain, List.of(TestServers.hop(domain, sink.address(), HopSecurity.PLAIN)))),
        new SmtpTransport(
            relay.system().system(),
            "mx.example.com",
            RelaySettings.from(
                    ConfigFactory.defaultReference().getConfig("staffetta.relay").resolve())
                .client()));
  }

  @AfterEach
  void stop() {
    relay.close();
    sink.close();
  }

  /** Waits for a failed attempt at what waits. */
  private QueueItem tried(int failures) {
    relay.eventually(
        () ->
            assertThat(relay.items())
                .singleElement()
                .satisfies(item -> assertThat(item.failures()).isEqualTo(failures)));
    return relay.items().get(0);
  }

  private void nothingWaits() {
    relay.eventually(() -> assertThat(relay.waiting()).isZero());
  }

  private List<List<String>> acknowledged() {
    return sink.acknowledged().stream().map(ReceivedMail::recipients).toList();
  }

  @Test
  void aGreylistedMessageComesLaterOnce() {
    script.greylist(2);
    relay.send("m1@example.com", "bob@one.example");
    QueueItem first = tried(1);
    assertThat(first.waitsForDestination()).as("it is the message's own failure").isFalse();
    assertThat(first.nextAttempt())
        .isBetween(
            first.mail().accepted().plusSeconds(4 * 60), first.mail().accepted().plusSeconds(360));
    relay.pass(UNTIL_RETRY);
    tried(2);
    assertThat(sink.received()).isEmpty();
    relay.pass(UNTIL_RETRY.multipliedBy(2));
    nothingWaits();
    assertThat(acknowledged()).containsExactly(List.of("bob@one.example"));
    assertThat(relay.inbox()).isEmpty();
  }

  @Test
  void aServerThatGoesDownInATransactionCostsOthersSecondsOnly() {
    script.when(
        (connection, command) ->
            connection == 1 && command.startsWith("RCPT")
                ? Optional.of("421 4.3.2 going down" + SinkScript.CLOSE)
                : Optional.empty());
    relay.send("m1@example.com", "bob@one.example");
    QueueItem item = tried(1);
    assertThat(item.recipients().get(0).reply().code()).isEqualTo(421);
    relay.send("m2@example.com", "carol@one.example");
    relay.pass(Duration.ofSeconds(20));
    relay.eventually(
        () -> assertThat(acknowledged()).containsExactly(List.of("carol@one.example")));
    relay.pass(UNTIL_RETRY);
    nothingWaits();
    assertThat(acknowledged())
        .containsExactly(List.of("carol@one.example"), List.of("bob@one.example"));
    assertThat(relay.inbox()).isEmpty();
  }

  /** Whether it was taken is not known, so it is sent again (RFC 5321 4.5.4.1, RFC 1047). */
  @Test
  void aConnectionDroppedAfterTheDotIsNoBounceAndNoLoss() {
    script.onEnd(SinkScript.DROP);
    relay.send("m1@example.com", "bob@one.example");
    tried(1);
    assertThat(sink.received()).hasSize(1);
    script.onEnd("250 2.0.0 taken");
    relay.pass(UNTIL_RETRY);
    nothingWaits();
    assertThat(sink.received()).hasSize(2);
    assertThat(acknowledged()).containsExactly(List.of("bob@one.example"));
    assertThat(relay.inbox()).isEmpty();
  }

  @Test
  void aMessageThatIsTooMuchComesBackAtOnce() {
    script.onEnd("552 5.3.4 too much");
    relay.send("m1@example.com", "bob@one.example");
    relay.eventually(() -> assertThat(relay.inbox()).hasSize(1));
    nothingWaits();
    assertThat(relay.inbox().get(0).replace("; ", ";"))
        .contains("Final-Recipient: rfc822;bob@one.example")
        .contains("Action: failed")
        .contains("Status: 5.3.4")
        .contains("Diagnostic-Code: smtp;552 5.3.4 too much");
    // What it said of a message says nothing of the next.
    script.onEnd("250 2.0.0 taken");
    relay.send("m2@example.com", "bob@one.example");
    nothingWaits();
    assertThat(acknowledged()).hasSize(1);
  }

  /** As servers say it that know 552 as "too many recipients" (RFC 5321 4.5.3.1.10). */
  @Test
  void aRecipientTooManyIsTriedAgain() {
    script.recipient("carol@one.example", "552 too many");
    relay.send("m1@example.com", "bob@one.example", "carol@one.example");
    QueueItem item = tried(1);
    assertThat(item.waiting())
        .extracting(RecipientState::address)
        .containsExactly(RelayFixture.address("carol@one.example"));
    script.recipient("carol@one.example", "250 2.1.5 ok");
    relay.pass(UNTIL_RETRY);
    nothingWaits();
    assertThat(acknowledged())
        .containsExactly(List.of("bob@one.example"), List.of("carol@one.example"));
    assertThat(relay.inbox()).isEmpty();
  }

  @Test
  void eachRecipientHasItsOwnFate() {
    script.recipient("carol@one.example", "550 5.1.1 no such user");
    script.recipient("dave@one.example", "451 4.2.1 mailbox busy");
    relay.send("m1@example.com", "bob@one.example", "carol@one.example", "dave@one.example");
    relay.eventually(() -> assertThat(relay.inbox()).hasSize(1));
    assertThat(relay.inbox().get(0))
        .contains("carol@one.example")
        .contains("Status: 5.1.1")
        .doesNotContain("dave@one.example")
        .doesNotContain("bob@one.example");
    tried(1);
    script.recipient("dave@one.example", "250 2.1.5 ok");
    relay.pass(UNTIL_RETRY);
    nothingWaits();
    assertThat(acknowledged())
        .containsExactly(List.of("bob@one.example"), List.of("dave@one.example"));
    assertThat(relay.inbox()).as("told once").hasSize(1);
  }

  @Test
  void whatIsPutOffForEverComesBackAfterFiveDays() {
    script.on("MAIL", "451 4.7.1 not now");
    relay.send("m1@example.com", "bob@one.example");
    tried(1);
    relay.pass(Duration.ofHours(5));
    relay.eventually(() -> assertThat(relay.inbox()).as("told of the delay").hasSize(1));
    relay.pass(Duration.ofDays(5));
    relay.eventually(() -> assertThat(relay.inbox()).as("and of the end").hasSize(2));
    nothingWaits();
    assertThat(relay.inbox().get(1)).contains("Action: failed").contains("given up after");
    assertThat(sink.received()).isEmpty();
  }
}
