package dev.staffetta.sharding;

import java.util.concurrent.CompletionStage;

/** What an entity's start needs to know of the partitions of the store. */
public interface Partitions {
  /** The partition that an entity's data is in. */
  int of(String entityId);

  /** Whether this node leads a partition, as far as it knows. */
  boolean leads(int partition);

  /**
   * Completes when all that was acknowledged by any node can be read here; fails with a {@link
   * dev.staffetta.ports.Refusal} otherwise.
   */
  CompletionStage<Void> barrier(int partition);
}
