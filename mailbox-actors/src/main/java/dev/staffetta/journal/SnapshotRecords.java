package dev.staffetta.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.staffetta.journal.proto.Generation;
import dev.staffetta.journal.proto.SegmentAddress;
import dev.staffetta.journal.proto.StoredSnapshot;
import dev.staffetta.store.Keys;
import dev.staffetta.store.Reader;
import dev.staffetta.store.Scan;
import dev.staffetta.store.WriteBatch;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the store has of an entity's snapshots, read at one moment, and the rules by which it
 * changes.
 *
 * <p>Every change carries the generation on, and is refused if another changed it meanwhile. So
 * what was read here still holds when the change is applied: no segment is deleted that a snapshot
 * needs.
 *
 * @param generation as it is stored; empty: none yet
 * @param roots by sequence number
 */
record SnapshotRecords(
    String persistenceId,
    Optional<Generation> generation,
    NavigableMap<Long, StoredSnapshot> roots) {

  static SnapshotRecords read(Reader reader, String persistenceId) {
    try {
      // The generation first: whoever changes the roots after it makes ours stale.
      Optional<byte[]> stored = reader.get(Keys.generation(persistenceId));
      NavigableMap<Long, StoredSnapshot> roots = new TreeMap<>();
      try (Scan scan = reader.scan(Keys.snapshots(persistenceId))) {
        while (scan.hasNext()) {
          Scan.Pair pair = scan.next();
          roots.put(Keys.sequenceNumber(pair.key()), StoredSnapshot.parseFrom(pair.value()));
        }
      }
      return new SnapshotRecords(
          persistenceId,
          stored.isEmpty() ? Optional.empty() : Optional.of(Generation.parseFrom(stored.get())),
          roots);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("snapshots of " + persistenceId + " cannot be read", e);
    }
  }

  /** The segments that snapshots need. */
  Set<SegmentAddress> needed() {
    return needed(roots);
  }

  /** The next generation, which sets out to write so many segments. */
  Generation next(int segments) {
    return Generation.newBuilder()
        .setNumber(generation.map(Generation::getNumber).orElse(0L) + 1)
        .setSegments(segments)
        .build();
  }

  /** Starts a batch that carries the generation on. */
  WriteBatch.Builder change(Generation next) {
    byte[] key = Keys.generation(persistenceId);
    WriteBatch.Builder batch = require(generation);
    return batch.put(key, next.toByteArray());
  }

  /** Starts a batch that needs the generation to be this. */
  WriteBatch.Builder require(Optional<Generation> current) {
    byte[] key = Keys.generation(persistenceId);
    return current.isPresent()
        ? WriteBatch.builder().requireEquals(key, current.get().toByteArray())
        : WriteBatch.builder().requireAbsent(key);
  }

  /** Deletes what the last generation wrote and no snapshot needs: it did not come to its end. */
  void deleteLeftovers(WriteBatch.Builder batch) {
    Set<SegmentAddress> needed = needed();
    generation.ifPresent(
        last -> {
          for (int i = 0; i < last.getSegments(); i++) {
            SegmentAddress address = address(last.getNumber(), i);
            if (!needed.contains(address)) {
              delete(batch, address);
            }
          }
        });
  }

  /** Deletes the segments that were needed and are not with these roots. */
  void deleteUnneeded(WriteBatch.Builder batch, Map<Long, StoredSnapshot> newRoots) {
    Set<SegmentAddress> kept = needed(newRoots);
    for (SegmentAddress address : needed()) {
      if (!kept.contains(address)) {
        delete(batch, address);
      }
    }
  }

  static SegmentAddress address(long generation, int number) {
    return SegmentAddress.newBuilder().setGeneration(generation).setNumber(number).build();
  }

  private void delete(WriteBatch.Builder batch, SegmentAddress address) {
    batch.delete(Keys.segment(persistenceId, address.getGeneration(), address.getNumber()));
  }

  private static Set<SegmentAddress> needed(Map<Long, StoredSnapshot> roots) {
    Set<SegmentAddress> needed = new HashSet<>();
    roots.values().forEach(root -> needed.addAll(root.getSegmentsList()));
    return needed;
  }
}
