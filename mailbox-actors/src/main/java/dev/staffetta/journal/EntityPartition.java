package dev.staffetta.journal;

import dev.staffetta.store.Store;

/**
 * The partition of an entity, by its id or by its persistence id {@code Type|id}:
 *
 * <ul>
 *   <li>{@code alice@example.com} and all that is hers, {@code alice@example.com/17}: by the
 *       account's address (what is behind the domain after a slash does not count; a local part may
 *       have slashes of its own);
 *   <li>{@code example.com}, or any other name: by the name;
 *   <li>{@code #3}: partition 3, for what there is one of in each.
 * </ul>
 */
public final class EntityPartition {
  private EntityPartition() {}

  /** By the id of an entity. */
  public static int ofEntity(Store store, String entityId) {
    if (entityId.startsWith("#") && entityId.indexOf('@') < 0) {
      int partition = Integer.parseInt(entityId.substring(1));
      if (partition < 0 || partition >= store.partitions()) {
        throw new IllegalArgumentException(
            "entity " + entityId + ", but there are " + store.partitions() + " partitions");
      }
      return partition;
    }
    return store.partitionOf(name(entityId));
  }

  /** By a persistence id. */
  public static int of(Store store, String persistenceId) {
    return ofEntity(store, persistenceId.substring(persistenceId.indexOf('|') + 1));
  }

  /** The name that an entity's partition hangs on: an account's address, a domain. */
  public static String name(String entityId) {
    int slash = entityId.indexOf('/', entityId.lastIndexOf('@') + 1);
    return entityId.lastIndexOf('@') < 0 || slash < 0 ? entityId : entityId.substring(0, slash);
  }
}
