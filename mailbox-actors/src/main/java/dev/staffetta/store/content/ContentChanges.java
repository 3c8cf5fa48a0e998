package dev.staffetta.store.content;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.staffetta.ports.ContentId;
import dev.staffetta.store.Keys;
import dev.staffetta.store.WriteBatch;
import dev.staffetta.store.content.proto.StoredContent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * What a batch does to contents and references. The batch refuses to refer to a content that is not
 * there; a content nothing refers to any more is marked to be looked at later.
 */
public final class ContentChanges {
  /** Size of a chunk: what a reader holds, and a small part of a log entry. */
  static final int CHUNK_BYTES = 64 << 10;

  private final WriteBatch.Builder batch;
  private final Instant now;
  private final Duration grace;
  private final Set<ContentId> there = new HashSet<>();

  /**
   * Changes to go into {@code batch}.
   *
   * @param grace how long a content is kept after the last reference to it
   */
  public ContentChanges(WriteBatch.Builder batch, Instant now, Duration grace) {
    this.batch = batch;
    this.now = now;
    this.grace = grace;
  }

  /** Writes a whole content. */
  public void write(SmallContent content) {
    int size = content.bytes().size();
    for (int i = 0; (long) i * CHUNK_BYTES < size; i++) {
      int from = i * CHUNK_BYTES;
      chunk(
          content.id(),
          i,
          content.bytes().slice(from, Math.min(from + CHUNK_BYTES, size)).toArrayUnsafe());
    }
    finish(content.id(), size, content.summary().toBytes());
    there.add(content.id());
  }

  /** Starts a reference. */
  public void refer(Reference reference, String persistenceId) {
    if (there.add(reference.content())) {
      batch.requirePresent(Keys.content(reference.content()));
    }
    batch.put(Keys.reference(reference.content(), persistenceId, reference.number()), new byte[0]);
  }

  /** Ends a reference. */
  public void release(Reference reference, String persistenceId) {
    batch.delete(Keys.reference(reference.content(), persistenceId, reference.number()));
    sweepLater(reference.content());
  }

  /** Writes one chunk of a content that is written in several batches. */
  void chunk(ContentId content, int number, byte[] bytes) {
    batch.put(Keys.chunk(content, number), bytes);
  }

  /** Says that all chunks of a content are written. */
  void finish(ContentId content, long size, byte[] summary) {
    batch.put(
        Keys.content(content),
        StoredContent.newBuilder()
            .setSize(size)
            .setChunkBytes(CHUNK_BYTES)
            .setSummary(wrap(summary))
            .build()
            .toByteArray());
  }

  /** Has a content looked at after the grace time. */
  void sweepLater(ContentId content) {
    Instant due = now.plus(grace);
    batch.put(Keys.sweep(due, content), new byte[0]);
    batch.put(Keys.newestSweep(content), time(due));
  }

  /** As {@link Keys#newestSweep} has it. */
  static byte[] time(Instant due) {
    return ByteBuffer.wrap(new byte[Long.BYTES]).putLong(due.toEpochMilli()).array();
  }

  private static ByteString wrap(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }
}
