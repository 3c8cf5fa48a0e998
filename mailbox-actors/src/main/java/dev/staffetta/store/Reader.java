package dev.staffetta.store;

import java.util.Optional;

/** Reads this node's replica of a partition. Every call may block on the disk. */
public interface Reader {
  /** The value of a key. */
  Optional<byte[]> get(byte[] key);

  /**
   * The pairs of a range as they stand now, ascending; later writes do not show. Must be closed,
   * and soon: it keeps what is deleted meanwhile on the disk.
   */
  Scan scan(KeyRange range);
}
