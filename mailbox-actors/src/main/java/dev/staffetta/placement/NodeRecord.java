package dev.staffetta.placement;

import dev.staffetta.store.StorePeer;

/**
 * A node as the cluster knows it.
 *
 * @param isForced its removal goes on even where that leaves fewer replicas than there should be
 * @param peer where its replicas are reached; of the same name
 */
public record NodeRecord(String node, NodeState state, boolean isForced, StorePeer peer) {}
