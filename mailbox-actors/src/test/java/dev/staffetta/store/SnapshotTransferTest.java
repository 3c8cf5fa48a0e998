package dev.staffetta.store;

import static dev.staffetta.store.Stores.await;
import static dev.staffetta.store.Stores.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that was away until the log was cut behind it comes back while others write. */
class SnapshotTransferTest {
  private static final KeyRange ALL = new KeyRange(new byte[] {1}, new byte[] {(byte) 0xFF});
  private static final int VALUE_BYTES = 20_000;

  @TempDir Path directory;
  private StoreCluster cluster;

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void aReplicaBehindACutLogComesBackUnderLoadAndIsEqual() throws Exception {
    openThree("transfers.bytes-per-second = 16M");
    int away = behind(1_000);
    Load load = new Load(1_000);
    cluster.open(away);
    AtomicBoolean seen = new AtomicBoolean();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(StoreException.class)
        .until(
            () -> {
              PartitionStatus status = cluster.node(away).status().get(0);
              seen.compareAndSet(false, status.transfer().isPresent());
              return cluster.node(away).reader(0).get(key(999)).isPresent();
            });
    assertThat(seen).as("it was seen to be received").isTrue();
    int written = load.stop();
    assertThat(written).isGreaterThan(1_000);
    requireEqual(written);
  }

  @Test
  void aReceiverThatIsClosedHalfWayBeginsAgain() throws Exception {
    openThree("transfers.bytes-per-second = 4M");
    int away = behind(700);
    cluster.open(away);
    awaitHalf(away);
    cluster.stop(away);
    cluster.open(away);
    awaitKey(away, 699);
    requireEqual(700);
    assertThat(replicaFiles(away)).contains("level").noneMatch(n -> n.startsWith("level."));
  }

  @Test
  void aLeaderThatDiesHalfWayIsFollowedByOneThatSendsAll() throws Exception {
    openThree("transfers.bytes-per-second = 4M");
    int away = behind(700);
    int old = cluster.number(cluster.leader(0));
    cluster.open(away);
    awaitHalf(away);
    cluster.stop(old);
    // The one that was away is half of what can elect now, and votes for whoever has more.
    awaitKey(away, 699);
    assertThat(cluster.number(cluster.leader(0))).isNotIn(old, away);
    requireEqual(700);
  }

  private void openThree(String line) {
    cluster =
        StoreCluster.of(
            3,
            directory,
            "partitions = 1",
            "raft.election-timeout = 500ms",
            "raft.segment-bytes = 2M",
            "raft.cut-after-bytes = 2M",
            "write-timeout = 30s",
            line);
  }

  /** Closes a follower and cuts the log far behind it; returns its number. */
  private int behind(int values) {
    int away = cluster.number(cluster.leader(0)) % 3 + 1;
    write(0, 10);
    cluster.stop(away);
    write(10, values);
    // The replicas were fetched just now, so the log would be kept for a while.
    for (Store store : cluster.all()) {
      Replica replica = store.partition(0).replica().orElseThrow();
      replica.cutLog();
      Awaitility.await()
          .until(() -> replica.division().orElseThrow().getRaftLog().getStartIndex() > 20);
    }
    return away;
  }

  private void awaitHalf(int node) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                cluster.node(node).status().get(0).transfer().stream()
                    .anyMatch(t -> t.bytes() > 2_000_000 && t.bytes() < t.ofBytes()));
  }

  private void awaitKey(int node, int number) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptionsInstanceOf(StoreException.class)
        .until(() -> cluster.node(node).reader(0).get(key(number)).isPresent());
  }

  /** Writes one after the other, many under way, until it is stopped. */
  private final class Load {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger next;
    private final CompletableFuture<Void> done;

    Load(int first) {
      next = new AtomicInteger(first);
      Store leader = cluster.leader(0);
      done =
          CompletableFuture.runAsync(
              () -> {
                Semaphore window = new Semaphore(16);
                while (!stopped.get()) {
                  window.acquireUninterruptibly();
                  var unused =
                      leader
                          .write(0, put(next.getAndIncrement()))
                          .whenComplete((written, failure) -> window.release());
                }
                window.acquireUninterruptibly(16);
              },
              task -> new Thread(task, "load").start());
    }

    /** Returns how many values there are now. */
    int stop() throws Exception {
      stopped.set(true);
      done.get(30, TimeUnit.SECONDS);
      return next.get();
    }
  }

  private void write(int from, int to) {
    Store leader = cluster.leader(0);
    Semaphore window = new Semaphore(32);
    for (int i = from; i < to; i++) {
      window.acquireUninterruptibly();
      var unused = leader.write(0, put(i)).whenComplete((written, failure) -> window.release());
    }
    window.acquireUninterruptibly(32);
    assertThat(leader.reader(0).get(key(to - 1))).isPresent();
  }

  private static WriteBatch put(int number) {
    byte[] value = new byte[VALUE_BYTES];
    new Random(number).nextBytes(value);
    return WriteBatch.builder().put(key(number), value).build();
  }

  private static byte[] key(int number) {
    return bytes(String.format("k%07d", number));
  }

  private void requireEqual(int values) {
    String expected = digest(cluster.leader(0), values);
    for (Store store : cluster.all()) {
      await(store.barrier(0));
      assertThat(digest(store, values)).isEqualTo(expected);
    }
  }

  /** Number of pairs and a checksum of all keys and values. */
  private static String digest(Store store, int values) {
    CRC32C crc = new CRC32C();
    int count = 0;
    try (Scan scan = store.reader(0).scan(ALL)) {
      while (scan.hasNext()) {
        Scan.Pair pair = scan.next();
        crc.update(pair.key());
        crc.update(pair.value());
        count++;
      }
    }
    assertThat(count).isEqualTo(values);
    return count + " " + crc.getValue();
  }

  private List<String> replicaFiles(int node) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve(StoreCluster.name(node)), 3)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
