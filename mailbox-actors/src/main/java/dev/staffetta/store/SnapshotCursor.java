package dev.staffetta.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.staffetta.store.proto.SnapshotChunk;
import dev.staffetta.store.proto.SnapshotPair;
import dev.staffetta.store.proto.SnapshotPairs;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One walk over all pairs of a replica as they stood when it began, piece by piece. The last piece
 * is kept, since the answer that had it may have been lost. Of one thread at a time.
 */
final class SnapshotCursor implements AutoCloseable {
  private static final KeyRange ALL = new KeyRange(new byte[0], new byte[] {(byte) 0xFF});

  private final LevelStore level;
  private final int chunkBytes;
  private final Scan scan;
  private final long bytesInAll;
  private final CRC32C whole = new CRC32C();

  /** A pair that did not fit into the last chunk. */
  private Optional<Scan.Pair> next;

  /** Of the last entry in the pairs, which the first pair says. */
  private final long term;

  private final long index;

  private SnapshotChunk last = SnapshotChunk.getDefaultInstance();
  private long nextNumber;
  private boolean closed;

  /**
   * Begins.
   *
   * @param chunkBytes up to which pairs are put into one chunk; one that is larger goes alone
   */
  SnapshotCursor(LevelStore level, int chunkBytes) {
    this.level = level;
    this.chunkBytes = chunkBytes;
    this.bytesInAll = level.approximateBytes(ALL);
    this.scan = level.scan(ALL);
    try {
      next = scan.hasNext() ? Optional.of(scan.next()) : Optional.empty();
      ByteBuffer applied =
          next.filter(pair -> Arrays.equals(pair.key(), Keys.applied()))
              .map(pair -> ByteBuffer.wrap(pair.value()))
              .orElseThrow(() -> new StoreException("nothing was applied yet"));
      this.term = applied.getLong();
      this.index = applied.getLong();
    } catch (RuntimeException | Error e) {
      scan.close();
      throw e;
    }
  }

  /** A chunk: the next, or the last again; empty: it is neither. */
  Optional<SnapshotChunk> chunk(long number) {
    if (closed) {
      return Optional.empty();
    }
    if (number == nextNumber && !last.getLast()) {
      last = read();
      nextNumber++;
    }
    return number == nextNumber - 1 ? Optional.of(last) : Optional.empty();
  }

  private SnapshotChunk read() {
    SnapshotPairs.Builder pairs = SnapshotPairs.newBuilder();
    byte[] lastKey = {};
    long bytes = 0;
    while (next.isPresent()) {
      Scan.Pair pair = next.get();
      long size = pair.key().length + (long) pair.value().length;
      if (bytes > 0 && bytes + size > chunkBytes) {
        break;
      }
      bytes += size;
      lastKey = pair.key();
      pairs.addPairs(
          SnapshotPair.newBuilder().setKey(wrap(pair.key())).setValue(wrap(pair.value())));
      next = scan.hasNext() ? Optional.of(scan.next()) : Optional.empty();
    }
    byte[] written = pairs.build().toByteArray();
    whole.update(written);
    boolean isLast = next.isEmpty();
    return SnapshotChunk.newBuilder()
        .setNumber(nextNumber)
        .setTerm(term)
        .setIndex(index)
        .setPairs(wrap(written))
        .setChecksum(checksum(written))
        .setLast(isLast)
        .setWholeChecksum(isLast ? (int) whole.getValue() : 0)
        .setBytesSoFar(
            isLast
                ? bytesInAll
                : Math.min(bytesInAll, level.approximateBytes(new KeyRange(ALL.from(), lastKey))))
        .setBytesInAll(bytesInAll)
        .build();
  }

  /** As it stands beside a chunk's pairs. */
  static int checksum(byte[] pairs) {
    CRC32C crc = new CRC32C();
    crc.update(pairs);
    return (int) crc.getValue();
  }

  private static ByteString wrap(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** Lets go of LevelDB; the last chunk can still be had again. */
  void endScan() {
    scan.close();
  }

  @Override
  public void close() {
    closed = true;
    scan.close();
  }
}
