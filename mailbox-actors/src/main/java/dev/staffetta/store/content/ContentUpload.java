package dev.staffetta.store.content;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.store.Keys;
import dev.staffetta.store.Store;
import dev.staffetta.store.WriteBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/**
 * Writes one large content in several batches, at whichever node leads the partition, a few on
 * their way at a time. The first marks it to be swept, so that what a crash leaves behind goes
 * away; the last makes it visible when all others are durable, unless it was swept in between.
 */
final class ContentUpload {
  /** Chunks of one batch: a quarter of a log entry, so that others find room in it. */
  private static final int CHUNKS_PER_BATCH = 4;

  /** Batches on their way at once: the way to the leader is longer than the work at its end. */
  private static final int BATCHES_AT_ONCE = 3;

  private final Store store;
  private final ContentValues values;
  private final int partition;
  private final SpooledMessage message;
  private final Duration grace;

  ContentUpload(
      Store store, ContentValues values, int partition, SpooledMessage message, Duration grace) {
    this.store = store;
    this.values = values;
    this.partition = partition;
    this.message = message;
    this.grace = grace;
  }

  CompletionStage<Void> run(Materializer materializer) {
    ContentId content = message.content();
    byte[] head = Keys.content(content);
    return values
        .collect(partition, List.of(head), 1, new ContentValues.Collected())
        .thenCompose(found -> found.get(head).isPresent() ? keep() : write(materializer));
  }

  /** It is a retry, or for another recipient: have it stay a while longer. */
  private CompletionStage<Void> keep() {
    WriteBatch.Builder batch = WriteBatch.builder();
    batch.requirePresent(Keys.content(message.content()));
    changes(batch).sweepLater(message.content());
    return store.writeAtLeader(partition, batch.build());
  }

  private CompletionStage<Void> write(Materializer materializer) {
    WriteBatch.Builder first = WriteBatch.builder();
    changes(first).sweepLater(message.content());
    return store
        .writeAtLeader(partition, first.build())
        .thenCompose(
            marked ->
                message
                    .bytes()
                    .via(new Rechunk(ContentChanges.CHUNK_BYTES))
                    .zipWithIndex()
                    .grouped(CHUNKS_PER_BATCH)
                    .mapAsync(BATCHES_AT_ONCE, this::writeChunks)
                    .runWith(Sink.fold(0L, Long::sum), materializer))
        .thenCompose(this::finish);
  }

  /** Returns how many bytes they were. */
  private CompletionStage<Long> writeChunks(List<Pair<ByteString, Long>> chunks) {
    WriteBatch.Builder batch = WriteBatch.builder();
    ContentChanges changes = changes(batch);
    chunks.forEach(
        c ->
            changes.chunk(
                message.content(), Math.toIntExact(c.second()), c.first().toArrayUnsafe()));
    return store
        .writeAtLeader(partition, batch.build())
        .thenApply(written -> chunks.stream().mapToLong(c -> c.first().size()).sum());
  }

  private CompletionStage<Void> finish(long size) {
    if (size != message.size()) {
      throw new IllegalStateException(
          "content " + message.content() + " has " + size + " bytes, not " + message.size());
    }
    WriteBatch.Builder batch = WriteBatch.builder();
    batch.requirePresent(Keys.newestSweep(message.content()));
    changes(batch).finish(message.content(), size, message.summary().toBytes());
    return store.writeAtLeader(partition, batch.build());
  }

  private ContentChanges changes(WriteBatch.Builder batch) {
    return new ContentChanges(batch, Instant.now(), grace);
  }
}
