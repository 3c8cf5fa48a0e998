package dev.staffetta.nemesis.history;

/** What is wrong with a {@link ModelCluster}. */
enum Defect {
  /** Nothing: no history of it may be found fault with. */
  NONE,
  /** Changes are acknowledged when they are in memory; a crash takes the last ones back. */
  ACKNOWLEDGED_BEFORE_FSYNC,
  /**
   * A leader that was cut off goes on acknowledging; what it did is thrown away when it returns.
   */
  NO_FENCING,
  /** A delivery whose answer was lost within the cluster is made again. */
  NO_DEDUPLICATION,
  /** After a crash UIDNEXT is counted from what is there. */
  UIDNEXT_NOT_KEPT,
  /** Reads are answered from a replica that is behind. */
  STALE_READS,
  /** A moved message loses its flags. */
  FLAGS_NOT_MOVED,
  /** A crash amid a move leaves the message in both folders. */
  MOVE_NOT_ATOMIC
}
