package dev.staffetta.store;

import java.nio.charset.StandardCharsets;

/** Which partition a name belongs to. Data depends on it: it may never change. */
final class PartitionHash {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private PartitionHash() {}

  /**
   * FNV-1a, 64 bits, over UTF-8, its bits mixed once more so that the lowest are as good as any.
   */
  static int of(String name, int partitions) {
    long hash = FNV_OFFSET;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    hash ^= hash >>> 33;
    hash *= 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    return (int) Long.remainderUnsigned(hash, partitions);
  }
}
