package dev.staffetta.journal;

import dev.staffetta.journal.proto.Generation;
import dev.staffetta.journal.proto.SegmentAddress;
import dev.staffetta.journal.proto.StoredSnapshot;
import dev.staffetta.store.Keys;
import dev.staffetta.store.Store;
import dev.staffetta.store.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.persistence.SnapshotMetadata;

/**
 * Saves one snapshot: first a word that so many segments will come, then the segments that are not
 * there yet, last the root with the addresses of all. A snapshot without its root is nothing; what
 * a crash leaves of it is deleted with the next.
 */
final class SnapshotWrite {
  /** Bytes of segments in one batch: a part of a log entry, so that others find room in it. */
  private static final int BATCH_BYTES = 256 << 10;

  private final Store store;
  private final Payloads payloads;

  /** Where segments lie that this process saved or loaded; by identity, and only while in use. */
  private final Map<Object, KnownSegment> known;

  /** Where a segment lies. */
  record KnownSegment(String persistenceId, SegmentAddress address) {}

  private record NewSegment(Object segment, SegmentAddress address) {}

  SnapshotWrite(Store store, Payloads payloads, Map<Object, KnownSegment> known) {
    this.store = store;
    this.payloads = payloads;
    this.known = known;
  }

  CompletionStage<Void> save(int partition, SnapshotMetadata metadata, Object snapshot) {
    return store
        .read(partition, reader -> SnapshotRecords.read(reader, metadata.persistenceId()))
        .thenCompose(records -> save(partition, metadata, snapshot, records));
  }

  private CompletionStage<Void> save(
      int partition, SnapshotMetadata metadata, Object snapshot, SnapshotRecords records) {
    StoredSnapshot.Builder root = StoredSnapshot.newBuilder().setTimestamp(metadata.timestamp());
    if (metadata.metadata().isDefined()) {
      root.setMetadata(payloads.write(metadata.metadata().get()));
    }
    List<NewSegment> added = new ArrayList<>();
    if (snapshot instanceof SegmentedSnapshot segmented) {
      root.setSegmented(true).setRoot(payloads.write(segmented.root()));
      addSegments(root, segmented, records, added);
    } else {
      root.setRoot(payloads.write(snapshot));
    }
    Generation generation = records.next(added.size());
    WriteBatch.Builder first = records.change(generation);
    records.deleteLeftovers(first);
    return store
        .write(partition, first.build())
        .thenCompose(begun -> writeSegments(partition, records, generation, added, 0))
        .thenCompose(
            written ->
                writeRoot(partition, metadata.sequenceNr(), records, generation, root.build()))
        .thenAccept(
            done ->
                added.forEach(
                    n ->
                        known.put(
                            n.segment(), new KnownSegment(metadata.persistenceId(), n.address()))));
  }

  private void addSegments(
      StoredSnapshot.Builder root,
      SegmentedSnapshot snapshot,
      SnapshotRecords records,
      List<NewSegment> added) {
    Set<SegmentAddress> there = records.needed();
    long generation = records.next(0).getNumber();
    for (Object segment : snapshot.segments()) {
      KnownSegment old = known.get(segment);
      if (old != null
          && old.persistenceId().equals(records.persistenceId())
          && there.contains(old.address())) {
        root.addSegments(old.address());
      } else {
        SegmentAddress address = SnapshotRecords.address(generation, added.size());
        added.add(new NewSegment(segment, address));
        root.addSegments(address);
      }
    }
  }

  private CompletionStage<Void> writeSegments(
      int partition,
      SnapshotRecords records,
      Generation generation,
      List<NewSegment> segments,
      int from) {
    if (from == segments.size()) {
      return CompletableFuture.completedFuture(null);
    }
    // Serialising takes its time: not on the store's writing thread.
    return store
        .read(partition, reader -> batch(records, generation, segments, from))
        .thenCompose(
            next ->
                store
                    .write(partition, next.batch())
                    .thenCompose(
                        done ->
                            writeSegments(partition, records, generation, segments, next.end())));
  }

  /** Some segments, and the number of the first that is not among them. */
  private record SegmentBatch(WriteBatch batch, int end) {}

  private SegmentBatch batch(
      SnapshotRecords records, Generation generation, List<NewSegment> segments, int from) {
    WriteBatch.Builder batch = records.require(Optional.of(generation));
    int bytes = 0;
    int next = from;
    while (next < segments.size() && (next == from || bytes < BATCH_BYTES)) {
      NewSegment segment = segments.get(next++);
      byte[] value = payloads.write(segment.segment()).toByteArray();
      batch.put(
          Keys.segment(
              records.persistenceId(),
              segment.address().getGeneration(),
              segment.address().getNumber()),
          value);
      bytes += value.length;
    }
    return new SegmentBatch(batch.build(), next);
  }

  private CompletionStage<Void> writeRoot(
      int partition,
      long sequenceNumber,
      SnapshotRecords records,
      Generation generation,
      StoredSnapshot root) {
    Map<Long, StoredSnapshot> roots = new TreeMap<>(records.roots());
    roots.put(sequenceNumber, root);
    WriteBatch.Builder batch = records.require(Optional.of(generation));
    batch.put(Keys.snapshot(records.persistenceId(), sequenceNumber), root.toByteArray());
    records.deleteUnneeded(batch, roots);
    return store.write(partition, batch.build());
  }
}
