package dev.staffetta.store;

import java.util.Optional;

/**
 * What the store tells the node it runs on. Called on the store's threads, one call at a time a
 * partition; must not block.
 */
public interface StoreListener {
  /** This node leads the partition from now on and is ready to write it. */
  default void leads(int partition, long term) {}

  /** This node does not lead the partition (any more). */
  default void follows(int partition, Optional<String> leader) {}

  /** There is more or less room on the disk than before. */
  default void disk(DiskState state) {}

  /**
   * The store cannot go on: a log could not be written, a replica has died that no other node has,
   * the disk is full. Nothing acknowledged is lost, but the process has to stop and start again.
   * Called once or more.
   *
   * @param reason one line for the operator
   */
  void failed(String reason);
}
