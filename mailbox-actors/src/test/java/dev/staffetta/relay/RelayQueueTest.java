package dev.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.relay.route.Route;
import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.HopFailedException;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.MailTransport;
import dev.staffetta.smtp.client.OutgoingMail;
import dev.staffetta.smtp.client.RecipientOutcome;
import dev.staffetta.smtp.client.RecipientOutcome.Result;
import dev.staffetta.smtp.client.RecipientOutcome.Scope;
import dev.staffetta.smtp.client.RemoteReply;
import dev.staffetta.store.Store;
import dev.staffetta.system.MailSystem;
import dev.staffetta.system.RunningMailSystem;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue over a real store, with servers and a time that the test makes. */
class RelayQueueTest {
  private static final RemoteReply OK = new RemoteReply(250, "2.0.0", "taken");
  private static final String TEXT =
      "From: alice@example.com\r\nMessage-ID: <m1@example.com>\r\nSubject: s\r\n\r\nHi\r\n";

  /** How far the test's time is ahead: messages are accepted by the real one. */
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  private final Map<String, Supplier<RecipientOutcome.Result>> results = new ConcurrentHashMap<>();
  private final Map<String, Boolean> unreachable = new ConcurrentHashMap<>();
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final List<String> opened = new CopyOnWriteArrayList<>();

  @TempDir private Path directory;
  private RunningMailSystem system;

  @BeforeEach
  void start() {
    MailSystem.Outside outside =
        new MailSystem.Outside(
            (domain, requiresTls) -> CompletableFuture.completedStage(route(domain)),
            new Servers(),
            new TestClock());
    system = new RunningMailSystem(directory, Optional.of(outside));
  }

  @AfterEach
  void stop() {
    system.close();
  }

  private static Route route(String domain) {
    return new Route.Hops(
        domain,
        List.of(
            new Hop(
                domain,
                InetSocketAddress.createUnresolved(domain, 25),
                Hop.Dialect.SMTP,
                HopSecurity.OPPORTUNISTIC,
                Optional.empty(),
                Optional.empty())));
  }

  private final class TestClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(ahead.get());
    }
  }

  private final class Servers implements MailTransport {
    @Override
    public CompletionStage<Channel> open(Hop hop) {
      opened.add(hop.host());
      if (unreachable.containsKey(hop.host())) {
        return unreachable.get(hop.host())
            ? new CompletableFuture<>()
            : CompletableFuture.failedStage(
                new HopFailedException(
                    HopFailedException.Stage.CONNECT, new RemoteReply(0, "4.4.1", "refused")));
      }
      return CompletableFuture.completedStage(new Open());
    }
  }

  private final class Open implements MailTransport.Channel {
    @Override
    public CompletionStage<List<RecipientOutcome>> send(OutgoingMail mail) {
      return CompletableFuture.completedStage(
          mail.recipients().stream().map(this::outcome).toList());
    }

    private RecipientOutcome outcome(MailAddress recipient) {
      Result result = results.getOrDefault(recipient.toString(), () -> Result.DELIVERED).get();
      taken.add(result + " " + recipient);
      RemoteReply reply =
          switch (result) {
            case DELIVERED -> OK;
            case TEMPORARY -> new RemoteReply(450, "4.2.0", "greylisted");
            case PERMANENT -> new RemoteReply(550, "5.1.1", "no such user");
          };
      return new RecipientOutcome(recipient, result, reply, Scope.RECIPIENT, false);
    }

    @Override
    public boolean isUsable() {
      return true;
    }

    @Override
    public Optional<String> tls() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private void send(String... recipients) {
    SpooledMessage message = system.message(TEXT);
    RunningMailSystem.await(
        system
            .mail()
            .deliveries()
            .deliver(
                new Envelope(
                    Optional.of(new MailAddress("alice", "example.com")),
                    java.util.Arrays.stream(recipients).map(RelayQueueTest::address).toList()),
                message));
  }

  private static MailAddress address(String text) {
    int at = text.indexOf('@');
    return new MailAddress(text.substring(0, at), text.substring(at + 1));
  }

  private long waiting() {
    Store store = system.store();
    long waiting = 0;
    for (int partition = 0; partition < store.partitions(); partition++) {
      waiting +=
          new WaitingMail(store.reader(partition))
              .counts().values().stream().mapToLong(count -> count.waiting).sum();
    }
    return waiting;
  }

  private static void eventually(Runnable check) {
    Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(check::run);
  }

  private void pass(Duration time) {
    ahead.updateAndGet(before -> before.plus(time));
  }

  private long inbox() {
    return RunningMailSystem.await(
            system
                .mail()
                .mailboxes()
                .status(MailboxId.inboxOf(new dev.staffetta.ports.AccountId("alice@example.com"))))
        .messages();
  }

  @Test
  void whatIsTakenIsGoneFromTheQueue() {
    send("bob@one.example", "carol@two.example");
    eventually(
        () -> {
          assertThat(taken)
              .containsExactlyInAnyOrder(
                  "DELIVERED bob@one.example", "DELIVERED carol@two.example");
          assertThat(waiting()).isZero();
        });
  }

  @Test
  void aGreylistedMessageIsTriedAgainWhenItIsTime() {
    results.put("bob@one.example", () -> Result.TEMPORARY);
    send("bob@one.example");
    eventually(() -> assertThat(taken).containsExactly("TEMPORARY bob@one.example"));
    results.clear();
    pass(Duration.ofMinutes(7));
    eventually(
        () -> {
          assertThat(taken)
              .containsExactly("TEMPORARY bob@one.example", "DELIVERED bob@one.example");
          assertThat(waiting()).isZero();
        });
  }

  @Test
  void theSenderHearsOnceOfAFailure() {
    system.account("alice@example.com");
    results.put("bob@one.example", () -> Result.PERMANENT);
    send("bob@one.example", "carol@one.example");
    eventually(
        () -> {
          assertThat(waiting()).isZero();
          assertThat(inbox()).isEqualTo(1);
        });
  }

  @Test
  void aDestinationThatIsAwayIsGivenUpAfterFiveDays() {
    system.account("alice@example.com");
    unreachable.put("one.example", false);
    send("bob@one.example");
    eventually(() -> assertThat(opened).contains("one.example"));
    assertThat(waiting()).isEqualTo(1);
    pass(Duration.ofHours(5));
    eventually(() -> assertThat(inbox()).as("told of the delay").isEqualTo(1));
    pass(Duration.ofDays(6));
    eventually(
        () -> {
          assertThat(inbox()).as("told of the failure").isEqualTo(2);
          assertThat(waiting()).isZero();
        });
  }

  @Test
  void mailIsStillThereAfterARestart() {
    unreachable.put("one.example", false);
    send("bob@one.example");
    eventually(() -> assertThat(opened).contains("one.example"));
    system.close();
    unreachable.clear();
    pass(Duration.ofMinutes(10));
    start();
    eventually(
        () -> {
          assertThat(taken).containsExactly("DELIVERED bob@one.example");
          assertThat(waiting()).isZero();
        });
  }

  @Test
  void aBlackHoleHoldsUpNobodyElse() {
    unreachable.put("hole.example", true);
    for (int i = 0; i < 30; i++) {
      send("bob" + i + "@hole.example");
    }
    send("carol@two.example");
    eventually(() -> assertThat(taken).containsExactly("DELIVERED carol@two.example"));
    assertThat(opened.stream().filter("hole.example"::equals).count()).isLessThanOrEqualTo(5);
  }

  @Test
  void whatIsAcceptedAgainIsThereOnce() {
    unreachable.put("one.example", false);
    SpooledMessage message = system.message(TEXT);
    Envelope envelope =
        new Envelope(
            Optional.of(new MailAddress("alice", "example.com")),
            List.of(address("bob@one.example")));
    RunningMailSystem.await(system.mail().deliveries().deliver(envelope, message));
    RunningMailSystem.await(system.mail().deliveries().deliver(envelope, message));
    assertThat(waiting()).isEqualTo(1);
  }
}
