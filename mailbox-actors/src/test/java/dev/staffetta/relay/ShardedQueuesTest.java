package dev.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.QueuedMail;
import dev.staffetta.ports.Queues;
import dev.staffetta.ports.Queues.Change;
import dev.staffetta.ports.Queues.Selection;
import dev.staffetta.ports.Refusal;
import dev.staffetta.system.RunningMailSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator sees and does, over real queues whose servers refuse until they do not. */
class ShardedQueuesTest {
  @TempDir private Path directory;
  private RelayFixture relay;

  @BeforeEach
  void start() {
    relay = new RelayFixture(directory);
    relay.servers.refuseAll();
  }

  @AfterEach
  void stop() {
    relay.close();
  }

  private Queues queues() {
    return relay.system().mail().queues();
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

  @Test
  void pagesHaveEveryMessageOnce() {
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String recipient = "bob@d" + i % 4 + ".example";
      relay.send("m" + i + "@example.com", recipient);
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
    relay.send("m1@example.com", "bob@one.example", "carol@one.example");
    relay.send("m2@example.com", "bob@one.example");
    relay.send("m3@example.com", "dave@two.example");
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
    relay.send("m1@example.com", "bob@one.example");
    relay.send("m2@example.com", "carol@two.example");
    QueuedMail mail = tried("one.example", 1).get(0);
    tried("two.example", 1);
    assertThat(mail.recipients().get(0).reply()).contains("connection refused");
    relay.servers.recover();
    assertThat(change(Change.RETRY, new Selection.Single(mail.id())).changed()).isEqualTo(1);
    relay.eventually(
        () -> assertThat(relay.servers.answered).containsExactly("DELIVERED bob@one.example"));
    assertThat(RunningMailSystem.await(queues().flush(Optional.empty())).changed()).isEqualTo(1);
    relay.eventually(
        () ->
            assertThat(relay.servers.answered)
                .containsExactly("DELIVERED bob@one.example", "DELIVERED carol@two.example"));
  }

  @Test
  void whatIsHeldGoesWhenItIsReleased() {
    relay.send("m1@example.com", "bob@one.example");
    tried("one.example", 1);
    change(Change.HOLD, new Selection.OfDomain("one.example"));
    relay.servers.recover();
    assertThat(change(Change.RETRY, new Selection.All()).changed()).isZero();
    ContentId held = all(Optional.empty(), 10).get(0).id();
    assertThatThrownBy(() -> change(Change.RETRY, new Selection.Single(held)))
        .hasMessageContaining("is held");
    relay.send("m2@example.com", "carol@two.example");
    relay.eventually(
        () -> assertThat(relay.servers.answered).containsExactly("DELIVERED carol@two.example"));
    assertThat(all(Optional.empty(), 10)).extracting(QueuedMail::isHeld).containsExactly(true);
    change(Change.RELEASE, new Selection.OfDomain("one.example"));
    change(Change.RETRY, new Selection.OfDomain("one.example"));
    relay.eventually(
        () -> assertThat(relay.servers.answered).contains("DELIVERED bob@one.example"));
  }

  @Test
  void aCancelledMessageIsRememberedAndOnlyABouncedOneReported() {
    relay.system().account("alice@example.com");
    relay.send("m1@example.com", "bob@one.example");
    relay.send("m2@example.com", "bob@two.example");
    ContentId cancelled = tried("one.example", 1).get(0).id();
    ContentId bounced = tried("two.example", 1).get(0).id();
    change(Change.CANCEL, new Selection.Single(cancelled));
    change(Change.BOUNCE, new Selection.Single(bounced));
    relay.eventually(
        () -> {
          assertThat(all(Optional.empty(), 10)).isEmpty();
          assertThat(relay.inbox()).hasSize(1);
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
    relay.servers.recover();
    ContentId content = relay.send("m1@example.com", "bob@one.example", "carol@two.example");
    relay.eventually(() -> assertThat(all(Optional.empty(), 10)).isEmpty());
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
