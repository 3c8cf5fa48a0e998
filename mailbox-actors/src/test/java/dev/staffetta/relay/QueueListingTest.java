package dev.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.QueuedMail;
import dev.staffetta.ports.Queues;
import dev.staffetta.ports.Queues.Change;
import dev.staffetta.ports.Queues.Selection;
import dev.staffetta.store.KeyRange;
import dev.staffetta.store.Scan;
import dev.staffetta.store.Store;
import dev.staffetta.store.WriteBatch;
import dev.staffetta.system.RunningMailSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that an earlier build queued, which did not list them by destination. */
class QueueListingTest {
  private static final String DOMAIN = "one.example";

  /** More than a page. */
  private static final int MESSAGES = 620;

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

  private void send(int from, int to) {
    CompletableFuture<?>[] all =
        IntStream.range(from, to)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> relay.send("m" + i + "@example.com", "bob" + i + "@" + DOMAIN)))
            .toArray(CompletableFuture<?>[]::new);
    RunningMailSystem.await(CompletableFuture.allOf(all));
  }

  private Set<String> listed() {
    Queues queues = relay.system().mail().queues();
    Set<String> recipients = new HashSet<>();
    Optional<String> after = Optional.empty();
    do {
      Queues.Page page = RunningMailSystem.await(queues.list(Optional.of(DOMAIN), after, 500));
      for (QueuedMail mail : page.messages()) {
        recipients.add(mail.recipients().get(0).address().toString());
      }
      after = page.next();
    } while (after.isPresent());
    return recipients;
  }

  /** As the build before left it. */
  private void unlist() {
    write(
        keys -> {
          keys.addAll(keys(QueueKeys.ofDestination(DOMAIN)));
          keys.add(QueueKeys.listedByDestination());
        });
  }

  private void write(java.util.function.Consumer<List<byte[]>> deleted) {
    List<byte[]> keys = new ArrayList<>();
    deleted.accept(keys);
    WriteBatch.Builder batch = WriteBatch.builder();
    keys.forEach(batch::delete);
    Store store = relay.system().store();
    RunningMailSystem.await(store.write(store.partitionOf(DOMAIN), batch.build()));
  }

  private List<byte[]> keys(KeyRange range) {
    Store store = relay.system().store();
    List<byte[]> keys = new ArrayList<>();
    try (Scan scan = store.reader(store.partitionOf(DOMAIN)).scan(range)) {
      scan.forEachRemaining(pair -> keys.add(pair.key()));
    }
    return keys;
  }

  @Test
  void theyAreListedWhenTheirQueueStarts() {
    send(0, MESSAGES);
    unlist();
    assertThat(listed()).isEmpty();
    relay.restart();
    relay.eventually(() -> assertThat(listed()).hasSize(MESSAGES));
    RunningMailSystem.await(
        relay
            .system()
            .mail()
            .queues()
            .change(Change.HOLD, new Selection.OfDomain(DOMAIN), Optional.empty()));
    relay.eventually(
        () -> assertThat(relay.items()).filteredOn(QueueItem::isHeld).hasSizeGreaterThan(0));
  }

  @Test
  void thatIsDoneOnce() {
    send(0, 3);
    relay.restart();
    relay.eventually(
        () ->
            assertThat(keys(KeyRange.beginningWith(QueueKeys.listedByDestination())))
                .as("the mark")
                .hasSize(1));
    write(keys -> keys.addAll(keys(QueueKeys.ofDestination(DOMAIN))));
    relay.restart();
    send(3, 5);
    assertThat(listed()).as("nothing was looked for").hasSize(2);
  }

  @Test
  void whatIsFinishedIsListedNoMore() {
    send(0, 4);
    unlist();
    relay.restart();
    relay.servers.recover();
    relay.eventually(() -> assertThat(relay.waiting()).isZero());
    assertThat(keys(QueueKeys.ofDestination(DOMAIN))).isEmpty();
  }
}
