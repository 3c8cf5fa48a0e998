package dev.staffetta.store;

import static dev.staffetta.store.Stores.await;
import static dev.staffetta.store.Stores.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a replica whose files are damaged or gone. */
class ReplicaRenewalTest {
  private static final KeyRange ALL = new KeyRange(bytes("k"), bytes("l"));
  private static final String[] SETTINGS = {
    "partitions = 1",
    "raft.election-timeout = 500ms",
    "raft.segment-bytes = 2M",
    "raft.cut-after-bytes = 2M",
    "leveldb.write-buffer-bytes = 64k"
  };

  @TempDir Path directory;
  private StoreCluster cluster;

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void aWipedReplicaLeavesAndComesBackWhileOthersWrite() throws Exception {
    int node = threeAndStop();
    ReplicaDirectory.delete(directory.resolve(StoreCluster.name(node)).resolve("raft"));
    write(400, 450);
    reopen(node);
    awaitEqual(node, 450);
    write(450, 460);
    awaitEqual(node, 460);
    assertThat(cluster.leader(0).status().get(0).peers()).hasSize(3);
  }

  @Test
  void aDamagedTableIsNoticedWhenItIsReadAndTheReplicaFetchedAnew() throws Exception {
    int node = threeAndStop();
    for (Path table : files(node, name -> name.endsWith(".sst"))) {
      flip(table, 100, 30);
    }
    Store store = reopen(node);
    assertThatThrownBy(() -> store.reader(0).scan(ALL).forEachRemaining(pair -> {}))
        .isInstanceOf(DamagedReplicaException.class);
    assertThat(store.status().get(0).ailment())
        .hasValueSatisfying(a -> assertThat(a).contains("damaged"));
    awaitEqual(node, 400);
  }

  @Test
  void aDamagedManifestIsNoticedAtTheStartAndTheReplicaFetchedAnew() throws Exception {
    int node = threeAndStop();
    for (Path manifest : files(node, name -> name.startsWith("MANIFEST"))) {
      flip(manifest, 20, 3);
    }
    reopen(node);
    awaitEqual(node, 400);
  }

  @Test
  void aDamagedLogIsNoticedAtTheStartAndTheReplicaFetchedAnew() throws Exception {
    int node = threeAndStop();
    for (Path log : files(node, name -> name.startsWith("log_") && !name.contains("inprogress"))) {
      flip(log, 10_000, 50);
    }
    for (Path log : files(node, name -> name.startsWith("log_inprogress"))) {
      flip(log, 5_000, 50);
    }
    reopen(node);
    awaitEqual(node, 400);
  }

  @Test
  void aDamagedReplicaOfTwoIsFetchedFromTheOther() throws Exception {
    cluster = StoreCluster.of(2, directory, SETTINGS);
    write(0, 100);
    int node = 3 - cluster.number(cluster.leader(0));
    cluster.stop(node);
    for (Path manifest : files(node, name -> name.startsWith("MANIFEST"))) {
      flip(manifest, 20, 3);
    }
    reopen(node);
    awaitEqual(node, 100);
  }

  @Test
  void whereThereIsNoOtherADamagedReplicaRefusesTheStart() throws Exception {
    cluster = StoreCluster.of(1, directory, SETTINGS);
    write(0, 100);
    cluster.stop(1);
    for (Path manifest : files(1, name -> name.startsWith("MANIFEST"))) {
      flip(manifest, 20, 3);
    }
    assertThatThrownBy(() -> cluster.open(1))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("partition 0")
        .hasMessageContaining("damaged");
  }

  @Test
  void entriesThatAreNeitherInLevelDbNorInTheLogRefuseTheStart() throws Exception {
    cluster = StoreCluster.of(1, directory, SETTINGS);
    write(0, 400);
    Awaitility.await()
        .until(
            () ->
                cluster
                        .node(1)
                        .partition(0)
                        .replica()
                        .orElseThrow()
                        .division()
                        .orElseThrow()
                        .getRaftLog()
                        .getStartIndex()
                    > 0);
    cluster.stop(1);
    ReplicaDirectory.delete(files(1, "level"::equals).get(0));
    assertThatThrownBy(() -> cluster.open(1))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("lacks entries 0 to");
  }

  @Test
  void whatACrashLeftInLevelDbsOwnLogIsCutAndReadFromRaftsLog() throws Exception {
    cluster = StoreCluster.of(1, directory, SETTINGS);
    write(0, 20);
    cluster.stop(1);
    Path level = files(1, "level"::equals).get(0);
    Path log;
    try (Stream<Path> files = Files.list(level)) {
      log = files.filter(f -> f.toString().endsWith(".log")).findFirst().orElseThrow();
    }
    // In the middle of what it has, so that whole records lie behind it.
    flip(log, Math.toIntExact(Files.size(log) / 2), 10);
    cluster.open(1);
    requireValues(cluster.node(1), 20);
    cluster.stop(1);
    try (Stream<Path> files = Files.list(level)) {
      log = files.filter(f -> f.toString().endsWith(".log")).findFirst().orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.setLength(Math.max(0, file.length() - 11));
    }
    cluster.open(1);
    requireValues(cluster.node(1), 20);
  }

  /** Three replicas with 400 values, of which one follower is closed; returns its number. */
  private int threeAndStop() {
    cluster = StoreCluster.of(3, directory, SETTINGS);
    write(0, 400);
    int node = cluster.number(cluster.leader(0)) % 3 + 1;
    awaitEqual(node, 400);
    cluster.stop(node);
    return node;
  }

  private Store reopen(int node) {
    Store store = cluster.open(node);
    int[] all = cluster.all().stream().mapToInt(cluster::number).toArray();
    cluster.all().forEach(each -> each.know(cluster.peers(all)));
    return store;
  }

  private void write(int from, int to) {
    Store leader = cluster.leader(0);
    for (int i = from; i < to; i++) {
      await(leader.write(0, WriteBatch.builder().put(key(i), value(i)).build()));
    }
  }

  private void awaitEqual(int node, int values) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(() -> requireValues(cluster.node(node), values));
  }

  private static void requireValues(Store store, int values) {
    int count = 0;
    try (Scan scan = store.reader(0).scan(ALL)) {
      for (; scan.hasNext(); count++) {
        Scan.Pair pair = scan.next();
        assertThat(pair.key()).isEqualTo(key(count));
        assertThat(pair.value()).isEqualTo(value(count));
      }
    }
    assertThat(count).isEqualTo(values);
  }

  private static byte[] key(int number) {
    return bytes(String.format("k%06d", number));
  }

  private static byte[] value(int number) {
    byte[] value = new byte[12_000];
    new Random(number).nextBytes(value);
    return value;
  }

  private List<Path> files(int node, Predicate<String> name) throws IOException {
    try (Stream<Path> files =
        Files.walk(directory.resolve(StoreCluster.name(node)).resolve("raft"))) {
      return files.filter(file -> name.test(file.getFileName().toString())).toList();
    }
  }

  private static void flip(Path file, int at, int bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      for (int i = at; i < Math.min(at + bytes, open.length()); i++) {
        open.seek(i);
        int old = open.read();
        open.seek(i);
        open.write(old ^ 0x5A);
      }
    }
  }
}
