/**
 * The partitioned, ordered, replicated key-value store: atomic batches that are durable when they
 * complete, reads of this node's own replica.
 *
 * <p>Begin at {@link dev.staffetta.store.Store}. A write's way: {@code PartitionWriter} gathers
 * batches into one entry, Ratis replicates and fsyncs it, {@code PartitionStateMachine} applies it
 * to {@code LevelStore}. {@code Membership} gives this node replicas and takes them away, {@code
 * LeaderSubmitter} carries to another node what only the leader can do, {@code Caretaker} looks
 * after replicas while the node runs. {@link dev.staffetta.store.Keys} says what is under which
 * key. Knows no actor and no mail; the bytes of messages are the business of {@code
 * dev.staffetta.store.content}, events and snapshots that of {@code dev.staffetta.journal}.
 */
package dev.staffetta.store;
