package dev.staffetta.system;

import dev.staffetta.journal.EntityPartition;
import dev.staffetta.sharding.Partitions;
import dev.staffetta.store.Store;
import java.util.concurrent.CompletionStage;

/** The store's partitions as entities know them. */
record StorePartitions(Store store) implements Partitions {
  @Override
  public int of(String entityId) {
    return EntityPartition.ofEntity(store, entityId);
  }

  @Override
  public boolean leads(int partition) {
    return store.leads(partition);
  }

  @Override
  public CompletionStage<Void> barrier(int partition) {
    return store.barrier(partition);
  }
}
