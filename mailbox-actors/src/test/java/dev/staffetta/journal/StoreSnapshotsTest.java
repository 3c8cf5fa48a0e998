package dev.staffetta.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.store.KeyRange;
import dev.staffetta.store.Keys;
import dev.staffetta.store.Scan;
import dev.staffetta.store.Stores;
import dev.staffetta.store.WriteBatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshots;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotFailed;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotResult;
import org.apache.pekko.persistence.SnapshotProtocol.SaveSnapshot;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Pekko asks of any snapshot store, and what segments promise. */
class StoreSnapshotsTest {
  private static final SnapshotSelectionCriteria LATEST = SnapshotSelectionCriteria.latest();

  @TempDir static Path directory;
  private static StoreSystem node;
  private static int entities;

  private final TestKit probe = new TestKit(node.system());
  private String id;

  @BeforeAll
  static void open() {
    node = new StoreSystem(directory);
  }

  @AfterAll
  static void close() {
    node.close();
  }

  @BeforeEach
  void freshEntity() {
    id = "Test|snap" + entities++ + "@example.com/1";
  }

  /** Five snapshots with numbers 11 to 15, each with a later timestamp. */
  private List<SnapshotMetadata> saveFive() {
    List<SnapshotMetadata> saved = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      SnapshotMetadata metadata = save(10 + i, "s-" + i);
      saved.add(metadata);
      Awaitility.await().until(() -> System.currentTimeMillis() > metadata.timestamp());
    }
    return saved;
  }

  @Test
  void anotherEntityHasNone() {
    saveFive();
    id = "Test|nobody@example.com";
    assertThat(load(LATEST)).isEmpty();
  }

  @Test
  void noneIsLoadedThatDoesNotFitTheCriteria() {
    saveFive();
    assertThat(load(SnapshotSelectionCriteria.create(Long.MAX_VALUE, 100))).isEmpty();
    assertThat(load(SnapshotSelectionCriteria.create(7, Long.MAX_VALUE))).isEmpty();
    assertThat(load(LATEST, 7)).isEmpty();
  }

  @Test
  void theNewestThatFitsIsLoaded() {
    List<SnapshotMetadata> saved = saveFive();
    assertThat(load(LATEST)).hasValueSatisfying(s -> assertThat(s.snapshot()).isEqualTo("s-5"));
    SelectedSnapshot third =
        load(SnapshotSelectionCriteria.create(13, Long.MAX_VALUE)).orElseThrow();
    assertThat(third.snapshot()).isEqualTo("s-3");
    assertThat(third.metadata()).isEqualTo(saved.get(2));
    assertThat(load(LATEST, 13).orElseThrow().snapshot()).isEqualTo("s-3");
    assertThat(
            load(SnapshotSelectionCriteria.create(Long.MAX_VALUE, saved.get(2).timestamp()))
                .orElseThrow()
                .snapshot())
        .isEqualTo("s-3");
    assertThat(
            load(SnapshotSelectionCriteria.create(13, saved.get(1).timestamp()))
                .orElseThrow()
                .snapshot())
        .isEqualTo("s-2");
  }

  @Test
  void oneIsDeletedByItsNumber() {
    SnapshotMetadata third = saveFive().get(2);
    node.snapshots()
        .tell(new DeleteSnapshot(SnapshotMetadata.apply(id, third.sequenceNr())), probe.getRef());
    probe.expectMsgClass(DeleteSnapshotSuccess.class);
    assertThat(load(SnapshotSelectionCriteria.create(13, Long.MAX_VALUE)).orElseThrow().snapshot())
        .isEqualTo("s-2");
  }

  @Test
  void allThatFitAreDeleted() {
    List<SnapshotMetadata> saved = saveFive();
    delete(SnapshotSelectionCriteria.create(13, saved.get(2).timestamp()));
    assertThat(load(SnapshotSelectionCriteria.create(13, Long.MAX_VALUE))).isEmpty();
    assertThat(load(SnapshotSelectionCriteria.create(14, Long.MAX_VALUE))).isPresent();
  }

  @Test
  void noneIsDeletedThatIsNewerThanAsked() {
    List<SnapshotMetadata> saved = saveFive();
    delete(SnapshotSelectionCriteria.create(13, saved.get(2).timestamp() - 1));
    assertThat(load(SnapshotSelectionCriteria.create(13, Long.MAX_VALUE)).orElseThrow().snapshot())
        .isEqualTo("s-3");
  }

  @Test
  void oneOfTheSameNumberIsReplaced() {
    saveFive();
    save(15, "again");
    assertThat(load(LATEST).orElseThrow().snapshot()).isEqualTo("again");
  }

  @Test
  void metadataIsKept() {
    SnapshotMetadata metadata = SnapshotMetadata.apply(id, 1).withMetadata("meta");
    node.snapshots().tell(new SaveSnapshot(metadata, "s"), probe.getRef());
    probe.expectMsgClass(SaveSnapshotSuccess.class);
    assertThat(load(LATEST).orElseThrow().metadata().metadata().get()).isEqualTo("meta");
  }

  @Test
  void onlyNewSegmentsAreWritten() {
    List<Part> parts = new ArrayList<>(IntStream.range(0, 40).mapToObj(i -> part(i)).toList());
    save(1, new Pages("first", parts));
    Part changed = new Part("changed");
    parts.set(7, changed);
    parts.add(new Part("added"));
    save(2, new Pages("second", parts));
    assertThat(parts).allSatisfy(p -> assertThat(p.written()).hasValue(1));

    assertThat(load(LATEST).orElseThrow().snapshot()).isEqualTo(new Pages("second", parts));
    // Both snapshots' segments are there: one was replaced, one added.
    assertThat(storedSegments()).isEqualTo(42);
    assertThat(
            ((Pages)
                    load(SnapshotSelectionCriteria.create(1, Long.MAX_VALUE))
                        .orElseThrow()
                        .snapshot())
                .parts())
        .hasSize(40)
        .contains(part(7));
    delete(SnapshotSelectionCriteria.create(1, Long.MAX_VALUE));
    assertThat(storedSegments()).isEqualTo(41);
    delete(LATEST);
    assertThat(storedSegments()).isZero();
  }

  @Test
  void segmentsOfALoadedSnapshotAreNotWrittenAgain() {
    save(1, new Pages("first", IntStream.range(0, 10).mapToObj(i -> part(i)).toList()));
    Pages loaded = (Pages) load(LATEST).orElseThrow().snapshot();
    save(2, new Pages("second", loaded.parts()));
    assertThat(loaded.parts()).allSatisfy(p -> assertThat(p.written()).hasValue(0));
    assertThat(load(LATEST).orElseThrow().snapshot())
        .isEqualTo(new Pages("second", loaded.parts()));
  }

  @Test
  void aSegmentWhoseSnapshotsAreGoneIsWrittenAgain() {
    List<Part> parts = List.of(part(1), part(2));
    save(1, new Pages("first", parts));
    delete(LATEST);
    save(2, new Pages("second", parts));
    assertThat(load(LATEST).orElseThrow().snapshot()).isEqualTo(new Pages("second", parts));
  }

  @Test
  void aSegmentOfAnotherEntityIsWrittenAgain() {
    List<Part> parts = List.of(part(1), part(2));
    save(1, new Pages("first", parts));
    id = "Test|other" + entities++ + "@example.com/1";
    save(1, new Pages("other", parts));
    assertThat(load(LATEST).orElseThrow().snapshot()).isEqualTo(new Pages("other", parts));
  }

  @Test
  void aSnapshotThatWasNotFinishedIsNotReadAndItsSegmentsGoAway() {
    save(1, new Pages("first", List.of(part(1))));
    // What a crash before the root leaves.
    int partition = EntityPartition.of(node.store(), id);
    SnapshotRecords records =
        Stores.await(node.store().read(partition, r -> SnapshotRecords.read(r, id)));
    WriteBatch.Builder begun = records.change(records.next(2));
    begun.put(Keys.segment(id, 2, 0), new byte[10]);
    Stores.await(node.store().write(partition, begun.build()));
    assertThat(storedSegments()).isEqualTo(2);

    assertThat(((Pages) load(LATEST).orElseThrow().snapshot()).title()).isEqualTo("first");
    save(2, new Pages("second", List.of(part(2))));
    assertThat(storedSegments()).isEqualTo(2);
    assertThat(((Pages) load(LATEST).orElseThrow().snapshot()).title()).isEqualTo("second");
  }

  @Test
  void aLargeSnapshotIsWrittenInSeveralEntries() {
    List<Part> parts =
        IntStream.range(0, 60).mapToObj(i -> new Part(i + "x".repeat(60_000))).toList();
    save(1, new Pages("large", parts));
    assertThat(load(LATEST).orElseThrow().snapshot()).isEqualTo(new Pages("large", parts));
  }

  @Test
  void whereTheNewestCannotBeReadTheOneBeforeIsTaken() {
    save(1, new Pages("first", List.of(part(1))));
    save(2, new Pages("second", List.of(part(2))));
    int partition = EntityPartition.of(node.store(), id);
    Stores.await(
        node.store().write(partition, WriteBatch.builder().delete(Keys.segment(id, 2, 0)).build()));
    assertThat(((Pages) load(LATEST).orElseThrow().snapshot()).title()).isEqualTo("first");
    Stores.await(
        node.store().write(partition, WriteBatch.builder().delete(Keys.segment(id, 1, 0)).build()));
    node.snapshots().tell(new LoadSnapshot(id, LATEST, Long.MAX_VALUE), probe.getRef());
    probe.expectMsgClass(LoadSnapshotFailed.class);
  }

  private static Part part(int number) {
    return new Part("part " + number);
  }

  private SnapshotMetadata save(long number, Object snapshot) {
    node.snapshots()
        .tell(new SaveSnapshot(SnapshotMetadata.apply(id, number), snapshot), probe.getRef());
    return probe.expectMsgClass(Duration.ofSeconds(20), SaveSnapshotSuccess.class).metadata();
  }

  private Optional<SelectedSnapshot> load(SnapshotSelectionCriteria criteria) {
    return load(criteria, Long.MAX_VALUE);
  }

  private Optional<SelectedSnapshot> load(SnapshotSelectionCriteria criteria, long to) {
    node.snapshots().tell(new LoadSnapshot(id, criteria, to), probe.getRef());
    return scala.jdk.javaapi.OptionConverters.toJava(
        probe.expectMsgClass(Duration.ofSeconds(20), LoadSnapshotResult.class).snapshot());
  }

  private void delete(SnapshotSelectionCriteria criteria) {
    node.snapshots().tell(new DeleteSnapshots(id, criteria), probe.getRef());
    probe.expectMsgClass(DeleteSnapshotsSuccess.class);
  }

  private int storedSegments() {
    int count = 0;
    KeyRange all =
        new KeyRange(Keys.segment(id, 0, 0), Keys.segment(id, Long.MAX_VALUE, Integer.MAX_VALUE));
    try (Scan scan = node.store().reader(EntityPartition.of(node.store(), id)).scan(all)) {
      while (scan.hasNext()) {
        scan.next();
        count++;
      }
    }
    return count;
  }
}
