package dev.staffetta.sharding;

/**
 * A message to or from an entity. Immutable, and made only of values and actor references, so that
 * it can be written to bytes where the two ends are on different nodes.
 */
public interface EntityMessage {}
