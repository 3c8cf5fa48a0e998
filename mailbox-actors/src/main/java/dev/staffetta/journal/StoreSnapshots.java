package dev.staffetta.journal;

import com.google.common.collect.MapMaker;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.staffetta.journal.proto.Payload;
import dev.staffetta.journal.proto.SegmentAddress;
import dev.staffetta.journal.proto.StoredSnapshot;
import dev.staffetta.store.Keys;
import dev.staffetta.store.Reader;
import dev.staffetta.store.Store;
import dev.staffetta.store.WriteBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * Pekko's snapshot store over the store. Saves and deletions of one entity wait for each other; a
 * {@link SegmentedSnapshot} is written in segments.
 *
 * <p>When the newest snapshot that fits cannot be read, the one before it is tried, loudly; when
 * none can, loading fails, since the events before it may be deleted.
 */
public final class StoreSnapshots extends SnapshotStore {
  private static final Logger log = LoggerFactory.getLogger(StoreSnapshots.class);

  private final Store store;
  private final Payloads payloads;
  private final SnapshotWrite write;

  /** By identity; forgets a segment that nobody holds any more. */
  private final ConcurrentMap<Object, SnapshotWrite.KnownSegment> known =
      new MapMaker().weakKeys().makeMap();

  /** The last change of each entity that is under way. Used by the actor and when changes end. */
  private final Map<String, CompletableFuture<Void>> changing = new HashMap<>();

  public StoreSnapshots() {
    this.store = StoreExtension.of(context().system()).store();
    this.payloads = new Payloads(context().system());
    this.write = new SnapshotWrite(store, payloads, known);
  }

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    int partition = EntityPartition.of(store, persistenceId);
    return FutureConverters.asScala(
        store
            .barrier(partition)
            .thenCompose(
                passed -> store.read(partition, reader -> load(reader, persistenceId, criteria))));
  }

  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    int partition = EntityPartition.of(store, metadata.persistenceId());
    return inTurn(metadata.persistenceId(), () -> write.save(partition, metadata, snapshot));
  }

  /** Deletes one; a timestamp of 0 means whatever it has. */
  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    return inTurn(
        metadata.persistenceId(),
        () ->
            delete(
                metadata.persistenceId(),
                found ->
                    found.sequenceNr() == metadata.sequenceNr()
                        && (metadata.timestamp() == 0
                            || found.timestamp() == metadata.timestamp())));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return inTurn(persistenceId, () -> delete(persistenceId, criteria::matches));
  }

  private CompletionStage<Void> delete(String persistenceId, Predicate<SnapshotMetadata> which) {
    int partition = EntityPartition.of(store, persistenceId);
    return store
        .read(partition, reader -> SnapshotRecords.read(reader, persistenceId))
        .thenCompose(
            records -> {
              Map<Long, StoredSnapshot> kept = new TreeMap<>(records.roots());
              kept.entrySet()
                  .removeIf(e -> which.test(metadata(persistenceId, e.getKey(), e.getValue())));
              if (kept.size() == records.roots().size()) {
                return CompletableFuture.completedFuture(null);
              }
              WriteBatch.Builder batch = records.change(records.next(0)).makesRoom();
              records.deleteLeftovers(batch);
              records.deleteUnneeded(batch, kept);
              records.roots().keySet().stream()
                  .filter(number -> !kept.containsKey(number))
                  .forEach(number -> batch.delete(Keys.snapshot(persistenceId, number)));
              return store.write(partition, batch.build());
            });
  }

  private Optional<SelectedSnapshot> load(
      Reader reader, String persistenceId, SnapshotSelectionCriteria criteria) {
    SnapshotRecords records = SnapshotRecords.read(reader, persistenceId);
    Optional<RuntimeException> failure = Optional.empty();
    for (Map.Entry<Long, StoredSnapshot> root : records.roots().descendingMap().entrySet()) {
      SnapshotMetadata metadata = metadata(persistenceId, root.getKey(), root.getValue());
      if (!criteria.matches(metadata)) {
        continue;
      }
      try {
        return Optional.of(
            SelectedSnapshot.create(metadata, assemble(reader, persistenceId, root.getValue())));
      } catch (RuntimeException e) {
        log.error("Snapshot {} of {} cannot be read", root.getKey(), persistenceId, e);
        failure = Optional.of(e);
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return Optional.empty();
  }

  private Object assemble(Reader reader, String persistenceId, StoredSnapshot stored) {
    Object root = payloads.read(stored.getRoot());
    if (!stored.getSegmented()) {
      return root;
    }
    List<Object> segments = new ArrayList<>(stored.getSegmentsCount());
    for (SegmentAddress address : stored.getSegmentsList()) {
      Object segment = payloads.read(segment(reader, persistenceId, address));
      known.put(segment, new SnapshotWrite.KnownSegment(persistenceId, address));
      segments.add(segment);
    }
    return ((SegmentedSnapshot.Root) root).withSegments(segments);
  }

  private static Payload segment(Reader reader, String persistenceId, SegmentAddress address) {
    byte[] stored =
        reader
            .get(Keys.segment(persistenceId, address.getGeneration(), address.getNumber()))
            .orElseThrow(() -> new IllegalStateException("segment " + address + " is not there"));
    try {
      return Payload.parseFrom(stored);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(name(address) + " cannot be read", e);
    }
  }

  private static String name(SegmentAddress address) {
    return "segment " + address.getGeneration() + "/" + address.getNumber();
  }

  private SnapshotMetadata metadata(String persistenceId, long number, StoredSnapshot stored) {
    SnapshotMetadata metadata =
        SnapshotMetadata.apply(persistenceId, number, stored.getTimestamp());
    return stored.hasMetadata()
        ? metadata.withMetadata(payloads.read(stored.getMetadata()))
        : metadata;
  }

  private Future<Void> inTurn(String persistenceId, Supplier<CompletionStage<Void>> change) {
    CompletableFuture<Void> done;
    synchronized (changing) {
      CompletableFuture<Void> before =
          changing.getOrDefault(persistenceId, CompletableFuture.completedFuture(null));
      done =
          before
              .handle((ok, failed) -> null)
              .thenCompose(ended -> change.get())
              .toCompletableFuture();
      changing.put(persistenceId, done);
    }
    CompletableFuture<Void> mine = done;
    return FutureConverters.asScala(
        mine.whenComplete(
            (ok, failed) -> {
              synchronized (changing) {
                changing.remove(persistenceId, mine);
              }
            }));
  }
}
