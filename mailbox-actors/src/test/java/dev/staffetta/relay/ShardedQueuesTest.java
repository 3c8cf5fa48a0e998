package dev.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.QueuedMail;
import dev.staffetta.ports.Queues;
import dev.staffetta.ports.Queues.Change;
import dev.staffetta.ports.Queues.Selection;
import dev.staffetta.ports.Refusal;
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
import dev.staffetta.system.MailSystem;
import dev.staffetta.system.RunningMailSystem;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator sees and does, over real queues whose servers refuse until they do not. */
class ShardedQueuesTest {
  private static final RemoteReply REFUSED = new RemoteReply(0, "4.4.1", "connection refused");
  private static final RemoteReply OK = new RemoteReply(250, "2.0.0", "taken");

  private final List<String> taken = new CopyOnWriteArrayList<>();
  private volatile boolean isReachable;

  @TempDir private Path directory;
  private RunningMailSystem system;

  @BeforeEach
  void start() {
    system =
        new RunningMailSystem(
            directory,
            Optional.of(
                new MailSystem.Outside(
                    (domain, requiresTls) -> CompletableFuture.completedStage(route(domain)),
                    this::open,
                    Clock.systemUTC())));
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

  private CompletionStage<MailTransport.Channel> open(Hop hop) {
    return isReachable
        ? CompletableFuture.completedStage(new Taking())
        : CompletableFuture.failedStage(
            new HopFailedException(HopFailedException.Stage.CONNECT, REFUSED));
  }

  private final class Taking implements MailTransport.Channel {
    @Override
    public CompletionStage<List<RecipientOutcome>> send(OutgoingMail mail) {
      return CompletableFuture.completedStage(mail.recipients().stream().map(this::take).toList());
    }

    private RecipientOutcome take(MailAddress recipient) {
      taken.add(recipient.toString());
      return new RecipientOutcome(recipient, Result.DELIVERED, OK, Scope.RECIPIENT, false);
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

  private Queues queues() {
    return system.mail().queues();
  }

  private ContentId send(String messageId, String... recipients) {
    SpooledMessage message =
        system.message("From: alice@example.com\r\nMessage-ID: <" + messageId + ">\r\n\r\nHi\r\n");
    RunningMailSystem.await(
        system
            .mail()
            .deliveries()
            .deliver(
                new Envelope(
                    Optional.of(new MailAddress("alice", "example.com")),
                    java.util.Arrays.stream(recipients).map(ShardedQueuesTest::address).toList()),
                message));
    return message.content();
  }

  private static MailAddress address(String text) {
    int at = text.indexOf('@');
    return new MailAddress(text.substring(0, at), text.substring(at + 1));
  }

  /** All pages. */
  private List<QueuedMail> all(Optional<String> domain, int page) {
    List<QueuedMail> all = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Queues.Page next = RunningMailSystem.await(queues().list(domain, after, page));
      assertThat(next.messages()).hasSizeLessThanOrEqualTo(page);
      all.addAll(next.messages());
      after = next.next();
    } while (after.isPresent());
    return all;
  }

  /** Those for a domain, when one has been tried and the domain rests. */
  private List<QueuedMail> tried(String domain, int count) {
    return Awaitility.await()
        .atMost(RunningMailSystem.patience())
        .until(
            () -> all(Optional.of(domain), 100),
            found ->
                found.size() == count && found.stream().anyMatch(mail -> mail.failures() == 1));
  }

  private Queues.Changed change(Change change, Selection which) {
    return RunningMailSystem.await(queues().change(change, which, Optional.empty()));
  }

  private void eventually(Runnable check) {
    Awaitility.await().atMost(RunningMailSystem.patience()).untilAsserted(check::run);
  }

  @Test
  void pagesHaveEveryMessageOnce() {
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String recipient = "bob@d" + i % 4 + ".example";
      send("m" + i + "@example.com", recipient);
      sent.add("<m" + i + "@example.com> " + recipient);
    }
    assertThat(all(Optional.empty(), 5))
        .extracting(mail -> mail.messageId().orElse("") + " " + mail.recipients().get(0).address())
        .containsExactlyInAnyOrderElementsOf(sent);
    assertThat(all(Optional.of("D1.example"), 2))
        .extracting(QueuedMail::destination)
        .containsExactly("d1.example", "d1.example", "d1.example");
    assertThat(all(Optional.of("nowhere.example"), 2)).isEmpty();
  }

  @Test
  void sizesCountMessagesAndRecipients() {
    send("m1@example.com", "bob@one.example", "carol@one.example");
    send("m2@example.com", "bob@one.example");
    send("m3@example.com", "dave@two.example");
    tried("one.example", 2);
    change(Change.HOLD, new Selection.OfDomain("two.example"));
    Queues.Sizes sizes = RunningMailSystem.await(queues().sizes(1));
    assertThat(sizes.all().messages()).isEqualTo(3);
    assertThat(sizes.all().recipients()).isEqualTo(4);
    assertThat(sizes.all().held()).isEqualTo(1);
    assertThat(sizes.all().oldestMillis()).isPresent();
    assertThat(sizes.destinations()).isEqualTo(2);
    assertThat(sizes.top())
        .extracting(Queues.DestinationSize::destination)
        .containsExactly("one.example");
    assertThat(sizes.top().get(0).size().recipients()).isEqualTo(3);
    assertThat(sizes.silent()).isZero();
  }

  @Test
  void aMessageIsTriedAtOnceWhenItIsToBe() {
    send("m1@example.com", "bob@one.example");
    send("m2@example.com", "carol@two.example");
    QueuedMail mail = tried("one.example", 1).get(0);
    tried("two.example", 1);
    assertThat(mail.recipients().get(0).reply()).contains("connection refused");
    isReachable = true;
    assertThat(change(Change.RETRY, new Selection.Single(mail.id())).changed()).isEqualTo(1);
    eventually(() -> assertThat(taken).containsExactly("bob@one.example"));
    assertThat(RunningMailSystem.await(queues().flush(Optional.empty())).changed()).isEqualTo(1);
    eventually(() -> assertThat(taken).containsExactly("bob@one.example", "carol@two.example"));
  }

  @Test
  void whatIsHeldGoesWhenItIsReleased() {
    send("m1@example.com", "bob@one.example");
    tried("one.example", 1);
    change(Change.HOLD, new Selection.OfDomain("one.example"));
    isReachable = true;
    assertThat(change(Change.RETRY, new Selection.All()).changed()).isZero();
    ContentId held = all(Optional.empty(), 10).get(0).id();
    assertThatThrownBy(() -> change(Change.RETRY, new Selection.Single(held)))
        .hasMessageContaining("is held");
    send("m2@example.com", "carol@two.example");
    eventually(() -> assertThat(taken).containsExactly("carol@two.example"));
    assertThat(all(Optional.empty(), 10)).extracting(QueuedMail::isHeld).containsExactly(true);
    change(Change.RELEASE, new Selection.OfDomain("one.example"));
    change(Change.RETRY, new Selection.OfDomain("one.example"));
    eventually(() -> assertThat(taken).contains("bob@one.example"));
  }

  @Test
  void aCancelledMessageIsRememberedAndOnlyABouncedOneReported() {
    system.account("alice@example.com");
    send("m1@example.com", "bob@one.example");
    send("m2@example.com", "bob@two.example");
    ContentId cancelled = tried("one.example", 1).get(0).id();
    ContentId bounced = tried("two.example", 1).get(0).id();
    change(Change.CANCEL, new Selection.Single(cancelled));
    change(Change.BOUNCE, new Selection.Single(bounced));
    eventually(
        () -> {
          assertThat(all(Optional.empty(), 10)).isEmpty();
          assertThat(
                  RunningMailSystem.await(
                          system
                              .mail()
                              .mailboxes()
                              .status(
                                  MailboxId.inboxOf(
                                      new dev.staffetta.ports.AccountId("alice@example.com"))))
                      .messages())
              .isEqualTo(1);
        });
    QueuedMail shown = RunningMailSystem.await(queues().show(cancelled));
    assertThat(shown.isWaiting()).isFalse();
    assertThat(shown.recipients().get(0).stage()).isEqualTo(QueuedMail.Stage.FAILED);
    assertThatThrownBy(() -> change(Change.HOLD, new Selection.Single(cancelled)))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.code()).isEqualTo(Refusal.Code.NONEXISTENT));
  }

  @Test
  void aMessageIsTracedByAnyOfItsNames() {
    isReachable = true;
    ContentId content = send("m1@example.com", "bob@one.example", "carol@two.example");
    eventually(() -> assertThat(all(Optional.empty(), 10)).isEmpty());
    for (String name : List.of("m1@example.com", " <m1@example.com>", content.toString())) {
      List<QueuedMail> found = RunningMailSystem.await(queues().trace(name));
      assertThat(found)
          .as(name)
          .extracting(QueuedMail::destination)
          .containsExactlyInAnyOrder("one.example", "two.example");
      assertThat(found)
          .allSatisfy(
              mail -> {
                assertThat(mail.attempts()).hasSize(1);
                assertThat(mail.attempts().get(0).reply()).isEqualTo("250 2.0.0 taken");
                assertThat(RunningMailSystem.await(queues().trace(mail.id().toString())))
                    .containsExactly(mail);
              });
    }
    assertThat(RunningMailSystem.await(queues().trace("m2@example.com"))).isEmpty();
  }

  @Test
  void aPlaceThatIsNoneIsAMistake() {
    assertThatThrownBy(() -> queues().list(Optional.empty(), Optional.of("x-y"), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
