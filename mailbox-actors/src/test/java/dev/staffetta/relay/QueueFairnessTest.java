package dev.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.smtp.client.RecipientOutcome.Result;
import dev.staffetta.store.Store;
import dev.staffetta.system.RunningMailSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * No destination gets more than it is to have, nor keeps others waiting. With {@code
 * -Dstaffetta.black-hole.messages=10000} so many wait for one that never answers.
 */
class QueueFairnessTest {
  private static final Logger log = LoggerFactory.getLogger(QueueFairnessTest.class);
  private static final int WAITING = Integer.getInteger("staffetta.black-hole.messages", 300);
  private static final String HOLE = "hole.example";

  /** An interval of ten seconds. */
  private static final String SIX_A_MINUTE = "relay.limits.messages-a-minute = 6";

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** From the moment when the queue lets a message go to the moment when it is here. */
  private static final Duration JITTER = Duration.ofSeconds(4);

  @TempDir private Path directory;
  private RelayFixture relay;

  @AfterEach
  void stop() {
    relay.close();
  }

  @Test
  void noMoreIsSentThanTheRateAllows() {
    relay = new RelayFixture(directory, SIX_A_MINUTE);
    int messages = 5;
    List<Long> times = new CopyOnWriteArrayList<>();
    for (int i = 0; i < messages; i++) {
      relay.servers.results.put(
          "bob" + i + "@one.example",
          () -> {
            times.add(relay.clock.millis());
            return Result.DELIVERED;
          });
      relay.send("m" + i + "@example.com", "bob" + i + "@one.example");
    }
    for (int sent = 1; sent <= messages; sent++) {
      int expected = sent;
      relay.eventually(() -> assertThat(times).hasSize(expected));
      // Another destination is not held up by it; and when its mail is there, the queue has had
      // its turn, and has sent no more than was allowed.
      relay.send("other" + sent + "@example.com", "carol" + sent + "@two" + sent + ".example");
      relay.eventually(
          () ->
              assertThat(relay.servers.answered)
                  .contains("DELIVERED carol" + expected + "@two" + expected + ".example"));
      relay.pass(INTERVAL);
    }
    relay.eventually(() -> assertThat(relay.waiting()).isZero());
    for (int i = 1; i < messages; i++) {
      assertThat(times.get(i) - times.get(i - 1))
          .as("milliseconds between message %d and the next", i)
          .isGreaterThanOrEqualTo(INTERVAL.minus(JITTER).toMillis());
    }
  }

  @Test
  void aBlackHoleWithMuchWaitingChangesNothingForOthers() throws Exception {
    relay = new RelayFixture(directory);
    // In the same queue, which has to do with all of it.
    Store store = relay.system().store();
    List<String> others =
        IntStream.iterate(0, i -> i + 1)
            .mapToObj(i -> "d" + i + ".example")
            .filter(name -> store.partitionOf(name) == store.partitionOf(HOLE))
            .limit(10)
            .toList();
    long before = slowestMillis(others, "before");

    relay.servers.swallow(HOLE);
    ExecutorService senders = Executors.newFixedThreadPool(16);
    try {
      RunningMailSystem.await(
          CompletableFuture.allOf(
              IntStream.range(0, WAITING)
                  .mapToObj(
                      i ->
                          CompletableFuture.runAsync(
                              () -> relay.send("h" + i + "@example.com", "bob" + i + "@" + HOLE),
                              senders))
                  .toArray(CompletableFuture<?>[]::new)));
    } finally {
      senders.shutdownNow();
    }
    long with = slowestMillis(others, "with");
    log.warn(
        "the slowest of {} to others took {} ms, and {} ms with {} waiting for a black hole",
        others.size() * 2,
        before,
        with,
        WAITING);
    assertThat(with).as("before: %d ms", before).isLessThan(before + 3000);
    assertThat(relay.servers.opened.stream().filter(HOLE::equals).count()).isLessThanOrEqualTo(5);
    assertThat(relay.waiting()).isEqualTo(WAITING);
  }

  /** Twice to each of them, one after the other, from the submission to the server's answer. */
  private long slowestMillis(List<String> destinations, String name) {
    return LongStream.concat(
            destinations.stream().mapToLong(to -> millis(name + "1@" + to)),
            destinations.stream().mapToLong(to -> millis(name + "2@" + to)))
        .max()
        .orElseThrow();
  }

  private long millis(String recipient) {
    long begin = System.nanoTime();
    relay.send(recipient.replace('@', '.') + "@example.com", recipient);
    relay.eventually(() -> assertThat(relay.servers.answered).contains("DELIVERED " + recipient));
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
