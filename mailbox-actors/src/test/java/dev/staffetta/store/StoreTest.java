package dev.staffetta.store;

import static dev.staffetta.store.Stores.await;
import static dev.staffetta.store.Stores.bytes;
import static dev.staffetta.store.Stores.pairs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.ports.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private static final KeyRange ALL = new KeyRange(bytes("a"), bytes("zz"));

  @TempDir Path directory;
  private Store store;

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
    }
  }

  @Test
  void whatWasWrittenIsReadAgainAfterARestart() {
    store = Stores.at(directory).open();
    await(store.write(0, put("b", "2")));
    await(store.write(0, put("a", "1")));
    await(store.write(1, put("c", "3")));
    store.close();

    store = Stores.at(directory).open();
    assertThat(pairs(store.reader(0), ALL)).containsExactly("a=1", "b=2");
    assertThat(pairs(store.reader(1), ALL)).containsExactly("c=3");
  }

  @Test
  void theJavaPortGoesOnWithTheNativeLibrarysFilesAndKeepsThem() {
    byte[] value = bytes("Subject: hello\r\n".repeat(10_000));
    List<String> keys = new ArrayList<>();
    for (boolean nativeLibrary : new boolean[] {true, false, true}) {
      store =
          Stores.at(
                  directory,
                  "leveldb.native = " + nativeLibrary,
                  "leveldb.write-buffer-bytes = 100k")
              .open();
      for (String key : keys) {
        assertThat(store.reader(0).get(bytes(key)).orElseThrow()).isEqualTo(value);
      }
      for (int i = 0; i < 10; i++) {
        String key = "k" + keys.size();
        await(store.write(0, WriteBatch.builder().put(bytes(key), value).build()));
        keys.add(key);
      }
      store.close();
    }
  }

  @Test
  void aBatchIsAppliedWhollyOrNotAtAll() {
    store = Stores.at(directory).open();
    await(store.write(0, put("a", "1")));
    WriteBatch batch =
        WriteBatch.builder()
            .put(bytes("b"), bytes("2"))
            .requirePresent(bytes("a"))
            .requireAbsent(bytes("a"))
            .build();
    assertThatThrownBy(() -> await(store.write(0, batch)))
        .isInstanceOfSatisfying(
            RequirementNotMetException.class, e -> assertThat(e.requirement()).isEqualTo(1));
    assertThat(pairs(store.reader(0), ALL)).containsExactly("a=1");
  }

  @Test
  void requirementsSeeWhatEarlierBatchesOfTheSameEntryDid() {
    store = Stores.at(directory).open();
    List<CompletionStage<Void>> written = new ArrayList<>();
    byte[] counter = bytes("n");
    written.add(store.write(0, put("n", "0")));
    for (int i = 0; i < 500; i++) {
      written.add(
          store.write(
              0,
              WriteBatch.builder()
                  .requireEquals(counter, bytes("" + i))
                  .put(counter, bytes("" + (i + 1)))
                  .build()));
    }
    written.forEach(Stores::await);
    assertThat(pairs(store.reader(0), ALL)).containsExactly("n=500");
    // They did go together: else this test shows nothing.
    PartitionStatus status = store.status().get(0);
    assertThat(status.batches()).isEqualTo(501);
    assertThat(status.entries()).isLessThan(100);
  }

  @Test
  void aPrefixRequirementSeesPendingAndStoredKeys() {
    store = Stores.at(directory).open();
    CompletionStage<Void> first = store.write(0, put("r1", ""));
    CompletionStage<Void> refused = store.write(0, requireNone("r", "x"));
    CompletionStage<Void> deleted =
        store.write(0, WriteBatch.builder().delete(bytes("r1")).build());
    CompletionStage<Void> allowed = store.write(0, requireNone("r", "y"));
    await(first);
    assertThatThrownBy(() -> await(refused)).isInstanceOf(RequirementNotMetException.class);
    await(deleted);
    await(allowed);
    assertThat(pairs(store.reader(0), ALL)).containsExactly("y=");
  }

  @Test
  void aScanShowsTheMomentItBegan() {
    store = Stores.at(directory).open();
    await(store.write(0, put("a", "1")));
    await(store.write(0, put("b", "2")));
    try (Scan scan = store.reader(0).scan(ALL)) {
      await(store.write(0, put("c", "3")));
      await(store.write(0, WriteBatch.builder().delete(bytes("b")).build()));
      List<String> keys = new ArrayList<>();
      scan.forEachRemaining(p -> keys.add(Stores.text(p.key())));
      assertThat(keys).containsExactly("a", "b");
    }
    assertThat(pairs(store.reader(0), ALL)).containsExactly("a=1", "c=3");
  }

  @Test
  void aBarrierPassesOnTheLeader() {
    store = Stores.at(directory).open();
    await(store.barrier(0));
    assertThat(store.leads(0)).isTrue();
    assertThat(store.status().get(1).leader()).contains("node1");
  }

  @Test
  void aBatchTooLargeIsTheCallersMistake() {
    store = Stores.at(directory).open();
    WriteBatch batch =
        WriteBatch.builder().put(bytes("a"), new byte[Store.MAX_BATCH_BYTES]).build();
    assertThatThrownBy(() -> await(store.write(0, batch)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBatchLargerThanAnEntryIsAppliedAsOne() {
    store = Stores.at(directory).open();
    await(store.write(0, large(12, "1").requireAbsent(bytes("k0")).build()));
    assertThat(pairs(store.reader(0), ALL)).hasSize(12);
    assertThatThrownBy(
            () -> await(store.write(0, large(20, "2").requireAbsent(bytes("k0")).build())))
        .isInstanceOf(RequirementNotMetException.class);
    assertThat(pairs(store.reader(0), ALL)).hasSize(12);
    assertThat(staged()).isZero();
  }

  @Test
  void whatACrashLeftOfALargeBatchIsDroppedAtTheNextStart() {
    store = Stores.at(directory).open();
    await(
        store.write(
            0, WriteBatch.builder().put(Keys.staged(new byte[16], 0), new byte[10]).build()));
    store.close();
    store = Stores.at(directory).open();
    Awaitility.await().until(() -> staged() == 0);
  }

  private static WriteBatch.Builder large(int pairs, String value) {
    WriteBatch.Builder batch = WriteBatch.builder();
    for (int i = 0; i < pairs; i++) {
      batch.put(bytes("k" + i), bytes(value.repeat(500_000)));
    }
    return batch;
  }

  private int staged() {
    int count = 0;
    try (Scan scan = store.reader(0).scan(Keys.staged())) {
      for (; scan.hasNext(); scan.next()) {
        count++;
      }
    }
    return count;
  }

  @Test
  void theLargestBatchFits() {
    store = Stores.at(directory).open();
    byte[] value = new byte[PartitionWriter.MAX_ENTRY_BYTES - 20];
    await(store.write(0, WriteBatch.builder().put(bytes("a"), value).build()));
    assertThat(store.reader(0).get(bytes("a")).orElseThrow()).hasSize(value.length);
  }

  @Test
  void whatExceedsTheQueueIsRefusedForNow() {
    store = Stores.at(directory, "queue-bytes = 1M").open();
    List<CompletionStage<Void>> written = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      written.add(
          store.write(0, WriteBatch.builder().put(bytes("k" + i), new byte[100_000]).build()));
    }
    int refused = 0;
    for (CompletionStage<Void> stage : written) {
      try {
        await(stage);
      } catch (Refusal refusal) {
        assertThat(refusal.code()).isEqualTo(Refusal.Code.UNAVAILABLE);
        refused++;
      }
    }
    assertThat(refused).isBetween(1, 39);
    assertThat(pairs(store.reader(0), ALL)).hasSize(40 - refused);
  }

  @Test
  void theLogIsCutByBytesAndARestartNeedsNoneOfIt() throws Exception {
    store =
        Stores.at(
                directory, "partitions = 1", "raft.segment-bytes = 2M", "raft.cut-after-bytes = 4M")
            .open();
    byte[] value = new byte[100_000];
    for (int i = 0; i < 300; i++) {
      await(store.write(0, WriteBatch.builder().put(bytes("k" + (i % 7)), value).build()));
    }
    Awaitility.await().untilAsserted(() -> assertThat(logBytes()).isLessThan(16L << 20));
    store.close();
    store = Stores.at(directory, "partitions = 1").open();
    assertThat(pairs(store.reader(0), ALL)).hasSize(7);
  }

  @Test
  void anotherPartitionCountClusterOrNodeRefusesTheStart() {
    store = Stores.at(directory, "cluster = milano").open();
    store.close();
    assertThatThrownBy(() -> Stores.at(directory, "partitions = 4").open())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("store.partitions = 2")
        .hasMessageContaining("4");
    assertThatThrownBy(() -> Stores.at(directory, "cluster = torino").open())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("milano");
    assertThatThrownBy(() -> Stores.at(directory).node("node2").open())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("node1");
  }

  @Test
  void aLonePeerMakesUpForALostTerm() throws Exception {
    store = Stores.at(directory).open();
    await(store.write(0, put("a", "1")));
    store.close();
    List<Path> terms = find("raft-meta");
    assertThat(terms).hasSize(2);
    for (Path file : terms) {
      Files.write(file, new byte[0]);
    }
    store = Stores.at(directory).open();
    assertThat(pairs(store.reader(0), ALL)).containsExactly("a=1");
    await(store.write(0, put("b", "2")));
    store.close();
    store = Stores.at(directory).open();
    assertThat(pairs(store.reader(0), ALL)).containsExactly("a=1", "b=2");
  }

  @Test
  void aGroupThatWasNeverFinishedIsMadeAnew() throws Exception {
    store = Stores.at(directory).open();
    store.close();
    Path current = find("raft-meta").get(0).getParent();
    try (var files = Files.list(current)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.writeString(find("founding").get(0), "begun");
    store = Stores.at(directory).open();
    await(store.write(0, put("a", "1")));
    await(store.write(1, put("a", "1")));
  }

  @Test
  void aNearlyFullDiskTakesOnlyWhatMakesRoomUntilThereIsSome() {
    AtomicLong free = new AtomicLong(10_000);
    List<DiskState> heard = new CopyOnWriteArrayList<>();
    List<String> failed = new CopyOnWriteArrayList<>();
    store =
        Stores.at(
                directory,
                "disk { refuse-below-bytes = 5000, stop-below-bytes = 1000, check-interval = 20ms }")
            .freeBytes(free::get)
            .listener(
                new StoreListener() {
                  @Override
                  public void disk(DiskState state) {
                    heard.add(state);
                  }

                  @Override
                  public void failed(String reason) {
                    failed.add(reason);
                  }
                })
            .open();
    await(store.write(0, put("a", "1")));

    free.set(4_000);
    Awaitility.await().until(() -> store.diskState() == DiskState.NEARLY_FULL);
    assertThatThrownBy(() -> await(store.write(0, put("b", "2"))))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.UNAVAILABLE));
    await(store.write(0, WriteBatch.builder().delete(bytes("a")).makesRoom().build()));

    free.set(5_100);
    free.set(6_000);
    Awaitility.await().until(() -> store.diskState() == DiskState.ROOMY);
    await(store.write(0, put("c", "3")));

    free.set(500);
    Awaitility.await().until(() -> !failed.isEmpty());
    assertThatThrownBy(
            () ->
                await(store.write(0, WriteBatch.builder().delete(bytes("c")).makesRoom().build())))
        .isInstanceOf(Refusal.class);
    assertThat(heard).containsExactly(DiskState.NEARLY_FULL, DiskState.ROOMY, DiskState.FULL);
    assertThat(pairs(store.reader(0), ALL)).containsExactly("c=3");
  }

  @Test
  void aFullDiskRefusesTheStart() {
    assertThatThrownBy(
            () ->
                Stores.at(directory, "disk.stop-below-bytes = 1M", "disk.refuse-below-bytes = 1M")
                    .freeBytes(() -> 1_000)
                    .open())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("stop-below-bytes");
  }

  @Test
  void aLogThatCannotBeWrittenStopsTheNode() throws Exception {
    List<String> failed = new CopyOnWriteArrayList<>();
    store = Stores.at(directory).listener(failed::add).open();
    await(store.write(0, put("a", "1")));
    store
        .partition(0)
        .replica()
        .orElseThrow()
        .stateMachine()
        .notifyLogFailed(new java.io.IOException("No space left"), null);
    assertThat(failed).singleElement().asString().contains("partition 0").contains("No space left");
    assertThatThrownBy(() -> await(store.write(0, put("b", "2")))).isInstanceOf(Refusal.class);
  }

  @Test
  void aReplicaThatDiesIsNoticed() throws Exception {
    List<String> failed = new CopyOnWriteArrayList<>();
    store = Stores.at(directory).listener(failed::add).open();
    store.partition(1).replica().flatMap(Replica::division).orElseThrow().close();
    Awaitility.await().until(() -> !failed.isEmpty());
    assertThat(failed.get(0)).contains("partition 1");
  }

  @Test
  void namesSpreadOverPartitionsAndStayWhereTheyAre() {
    int[] counts = new int[8];
    for (int i = 0; i < 20_000; i++) {
      counts[PartitionHash.of("user" + i + "@example" + (i % 1000) + ".com", 8)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(2_300, 2_700);
    }
    // Data depends on these: they may never change.
    assertThat(PartitionHash.of("alice@example.com", 8)).isEqualTo(ALICE);
    assertThat(PartitionHash.of("example.com", 8)).isEqualTo(EXAMPLE);
  }

  private static final int ALICE = 2;
  private static final int EXAMPLE = 0;

  private static WriteBatch put(String key, String value) {
    return WriteBatch.builder().put(bytes(key), bytes(value)).build();
  }

  private static WriteBatch requireNone(String prefix, String key) {
    return WriteBatch.builder()
        .requireNoneBeginningWith(bytes(prefix))
        .put(bytes(key), new byte[0])
        .build();
  }

  private List<Path> find(String name) throws Exception {
    try (var files = Files.walk(directory)) {
      return files.filter(f -> f.getFileName().toString().equals(name)).toList();
    }
  }

  private long logBytes() throws Exception {
    try (var files = Files.walk(directory)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("log_"))
          .mapToLong(f -> f.toFile().length())
          .sum();
    }
  }
}
