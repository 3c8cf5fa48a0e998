package dev.staffetta.store;

import org.iq80.leveldb.WriteBatch;

/**
 * The changes of one entry on their way into LevelDB, and how much memory they take there at most.
 */
final class LevelChanges {
  /** Beside a pair's own bytes: its node in the list, its lengths and its sequence number. */
  private static final int BYTES_BESIDE = 64;

  /** Up to this size pairs share blocks of four times it; a block's end may be left over. */
  private static final int SHARED_UP_TO = 1 << 10;

  private final WriteBatch batch;
  private long bytes;

  LevelChanges(WriteBatch batch) {
    this.batch = batch;
  }

  void put(byte[] key, byte[] value) {
    batch.put(key, value);
    count(key.length + value.length);
  }

  void delete(byte[] key) {
    batch.delete(key);
    count(key.length);
  }

  /** To be closed. */
  WriteBatch batch() {
    return batch;
  }

  long memoryAtMost() {
    return bytes;
  }

  private void count(int pairBytes) {
    int size = pairBytes + BYTES_BESIDE;
    bytes += size <= SHARED_UP_TO ? size + size / 3 : size;
  }
}
