package dev.staffetta.journal;

import dev.staffetta.store.KeyRange;
import dev.staffetta.store.Keys;
import dev.staffetta.store.Reader;
import dev.staffetta.store.Scan;
import dev.staffetta.store.Store;
import dev.staffetta.store.WriteBatch;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * Pekko's journal over the store.
 *
 * <p>Events that are persisted together are one batch. The store refuses a batch whose first event
 * is not its entity's next: of two actors that believe to be the same entity, one writes, and the
 * other's write fails and stops it. An event that cannot be serialised is rejected; all else that
 * goes wrong is a failure, after which the actor has to recover to know where it stands.
 */
public final class StoreJournal extends AsyncWriteJournal {
  /** Keys of one batch of a deletion. */
  private static final int DELETED_AT_ONCE = 1000;

  private final Store store;
  private final EventFormat format;

  public StoreJournal() {
    StoreExtension extension = StoreExtension.of(context().system());
    this.store = extension.store();
    this.format =
        new EventFormat(new Payloads(context().system()), extension.settings().contents().grace());
  }

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    List<CompletableFuture<Optional<Exception>>> written = new ArrayList<>();
    for (AtomicWrite message : messages) {
      written.add(write(message).toCompletableFuture());
    }
    CompletableFuture<Iterable<Optional<Exception>>> all =
        CompletableFuture.allOf(written.toArray(CompletableFuture<?>[]::new))
            .thenApply(done -> written.stream().map(CompletableFuture::join).toList());
    return FutureConverters.asScala(all);
  }

  /** Completes with why it was rejected, if it was; fails otherwise. */
  private CompletionStage<Optional<Exception>> write(AtomicWrite message) {
    WriteBatch batch;
    Optional<Exception> rejected = Optional.empty();
    try {
      batch = format.batch(message, Instant.now());
      if (batch.sizeInBytes() > Store.MAX_BATCH_BYTES) {
        throw new IllegalArgumentException(
            "events of "
                + batch.sizeInBytes()
                + " bytes at once, at most "
                + Store.MAX_BATCH_BYTES);
      }
    } catch (Exception e) {
      // Whatever a serializer throws, or too much at once.
      batch = format.rejected(message);
      rejected = Optional.of(e);
    }
    Optional<Exception> outcome = rejected;
    return store
        .write(EntityPartition.of(store, message.persistenceId()), batch)
        .thenApply(done -> outcome);
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
    return FutureConverters.asScala(
        store.read(
            EntityPartition.of(store, persistenceId),
            reader -> {
              replay(reader, persistenceId, from, to, max, replay);
              return null;
            }));
  }

  private void replay(
      Reader reader,
      String persistenceId,
      long from,
      long to,
      long max,
      Consumer<PersistentRepr> replay) {
    if (from > to) {
      return;
    }
    try (Scan events = reader.scan(Keys.events(persistenceId, from, to))) {
      for (long n = 0; n < max && events.hasNext(); n++) {
        replay.accept(format.event(persistenceId, events.next()));
      }
    }
  }

  /** Sees every event that was acknowledged by any node, or fails. */
  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long from) {
    int partition = EntityPartition.of(store, persistenceId);
    return FutureConverters.asScala(
        store
            .barrier(partition)
            .thenCompose(
                passed -> store.read(partition, reader -> highest(reader, persistenceId))));
  }

  /** The sequence number of an entity's last event; 0: it has none. */
  public static long highest(Reader reader, String persistenceId) {
    return reader
        .get(Keys.highest(persistenceId))
        .map(value -> ByteBuffer.wrap(value).getLong())
        .orElse(0L);
  }

  /** Deletes events; the highest sequence number stays. */
  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long to) {
    return FutureConverters.asScala(
        delete(EntityPartition.of(store, persistenceId), Keys.events(persistenceId, 0, to)));
  }

  private CompletionStage<Void> delete(int partition, KeyRange events) {
    return store
        .read(partition, reader -> firstKeys(reader, events))
        .thenCompose(
            keys -> {
              if (keys.isEmpty()) {
                return CompletableFuture.completedFuture(null);
              }
              WriteBatch.Builder batch = WriteBatch.builder().makesRoom();
              keys.forEach(batch::delete);
              return store
                  .write(partition, batch.build())
                  .thenCompose(done -> delete(partition, events.after(keys.get(keys.size() - 1))));
            });
  }

  private static List<byte[]> firstKeys(Reader reader, KeyRange range) {
    List<byte[]> keys = new ArrayList<>();
    try (Scan scan = reader.scan(range)) {
      while (keys.size() < DELETED_AT_ONCE && scan.hasNext()) {
        keys.add(scan.next().key());
      }
    }
    return keys;
  }
}
