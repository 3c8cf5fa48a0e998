package dev.staffetta.sharding;

import dev.staffetta.ports.Refusal;

/**
 * A message to or from an entity. Immutable, and made only of values and actor references, so that
 * it can be written to bytes where the two ends are on different nodes: every class of them has its
 * form in a {@link VersionedSerializer}, but those that are {@link ToItself}.
 */
public interface EntityMessage {
  /** Tells whoever asked that the answer is no; nothing where nobody waits. */
  default void refuse(Refusal.Code code, String text) {}

  /** What an entity tells itself, or is told by its shard: it never leaves its node. */
  interface ToItself extends EntityMessage {}
}
