package dev.staffetta.store.content;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.staffetta.config.StoreSettings;
import dev.staffetta.ports.ContentId;
import dev.staffetta.store.KeyRange;
import dev.staffetta.store.Keys;
import dev.staffetta.store.Reader;
import dev.staffetta.store.RequirementNotMetException;
import dev.staffetta.store.Scan;
import dev.staffetta.store.Store;
import dev.staffetta.store.WriteBatch;
import dev.staffetta.store.content.proto.StoredContent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes contents that nothing refers to, some time after the last reference ended or the upload
 * began. It looks only at those that were marked for it, so its cost follows what became garbage,
 * not what is stored; and it deletes only where the store, in the same step, still finds no
 * reference.
 *
 * <p>One thread of its own, which may block; each node sweeps the partitions that it leads.
 */
public final class ContentSweeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ContentSweeper.class);

  /** Contents under way at once: what waits in the partition's queue stays small. */
  private static final int AT_ONCE = 64;

  private static final long CLOSE_PATIENCE_SECONDS = 5;

  private final Store store;
  private final Clock clock;
  private final ScheduledExecutorService thread;

  private ContentSweeper(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread sweeper = new Thread(task, "content-sweeper");
              sweeper.setDaemon(true);
              return sweeper;
            });
  }

  /** Starts to sweep at the interval of the settings. */
  public static ContentSweeper start(Store store, StoreSettings.Contents settings, Clock clock) {
    ContentSweeper sweeper = new ContentSweeper(store, clock);
    long millis = settings.sweepInterval().toMillis();
    var unused =
        sweeper.thread.scheduleWithFixedDelay(
            sweeper::sweepAll, millis, millis, TimeUnit.MILLISECONDS);
    return sweeper;
  }

  /** Stops behind what is under way. To be called before the store is closed. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(CLOSE_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("The sweep of contents does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sweepAll() {
    for (int partition = 0; partition < store.partitions(); partition++) {
      if (store.leads(partition)) {
        try {
          sweep(partition);
        } catch (RuntimeException e) {
          if (store.leads(partition)) {
            log.warn(
                "Contents of partition {} could not be swept, trying again later", partition, e);
          } else {
            log.info("Another node leads partition {} now and goes on sweeping it", partition);
          }
        }
      }
    }
  }

  /** Sweeps all that is due, as long as this node leads. */
  private void sweep(int partition) {
    Reader reader = store.reader(partition);
    KeyRange due = Keys.sweepsDueBefore(clock.instant());
    List<byte[]> marks = firstKeys(reader, due);
    while (!marks.isEmpty() && store.leads(partition)) {
      List<CompletableFuture<Void>> swept = new ArrayList<>();
      for (byte[] mark : marks) {
        swept.add(sweep(partition, reader, mark).toCompletableFuture());
      }
      CompletableFuture.allOf(swept.toArray(CompletableFuture<?>[]::new)).join();
      due = due.after(marks.get(marks.size() - 1));
      marks = firstKeys(reader, due);
    }
  }

  private CompletionStage<Void> sweep(int partition, Reader reader, byte[] mark) {
    ContentId content = Keys.sweptContent(mark);
    byte[] newest = Keys.newestSweep(content);
    byte[] due = Arrays.copyOfRange(mark, 1, 1 + Long.BYTES);
    Optional<byte[]> newestDue = reader.get(newest);
    if (newestDue.isPresent() && !Arrays.equals(newestDue.get(), due)) {
      // Something happened to it since: a later mark will come to it.
      return store.write(partition, unmark(mark).build());
    }
    WriteBatch.Builder batch = unmark(mark).delete(newest);
    if (newestDue.isPresent()) {
      batch.requireEquals(newest, due);
    }
    if (!isReferred(reader, content)) {
      batch.requireNoneBeginningWith(Keys.references(content));
      batch.delete(Keys.content(content));
      chunks(reader, content).forEach(batch::delete);
    }
    return orLater(store.write(partition, batch.build()));
  }

  private static WriteBatch.Builder unmark(byte[] mark) {
    return WriteBatch.builder().makesRoom().delete(mark);
  }

  /** A reference or a mark that came in between leaves the content for the next sweep. */
  private static CompletionStage<Void> orLater(CompletionStage<Void> written) {
    return written.exceptionallyCompose(
        failure -> {
          Throwable cause = failure.getCause() == null ? failure : failure.getCause();
          return cause instanceof RequirementNotMetException
              ? CompletableFuture.completedFuture(null)
              : CompletableFuture.failedFuture(cause);
        });
  }

  private static boolean isReferred(Reader reader, ContentId content) {
    try (Scan scan = reader.scan(KeyRange.beginningWith(Keys.references(content)))) {
      return scan.hasNext();
    }
  }

  private static List<byte[]> chunks(Reader reader, ContentId content) {
    Optional<byte[]> head = reader.get(Keys.content(content));
    if (head.isPresent()) {
      try {
        StoredContent stored = StoredContent.parseFrom(head.get());
        List<byte[]> chunks = new ArrayList<>();
        for (int i = 0; (long) i * stored.getChunkBytes() < stored.getSize(); i++) {
          chunks.add(Keys.chunk(content, i));
        }
        return chunks;
      } catch (InvalidProtocolBufferException e) {
        log.error("Content {} has a damaged head, looking for its chunks", content, e);
      }
    }
    // An upload that did not come to its end: nothing says how many there are.
    List<byte[]> chunks = new ArrayList<>();
    try (Scan scan = reader.scan(Keys.chunks(content))) {
      scan.forEachRemaining(pair -> chunks.add(pair.key()));
    }
    return chunks;
  }

  private static List<byte[]> firstKeys(Reader reader, KeyRange range) {
    List<byte[]> keys = new ArrayList<>();
    try (Scan scan = reader.scan(range)) {
      while (keys.size() < AT_ONCE && scan.hasNext()) {
        keys.add(scan.next().key());
      }
    }
    return keys;
  }
}
