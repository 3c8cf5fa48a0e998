package dev.staffetta.sharding;

/**
 * A node that has, or had, the lead of a partition. In one term there is at most one (Raft), so
 * this never becomes untrue; a newer term makes it old.
 *
 * @param term Raft's
 * @param node its name
 */
public record Leadership(int partition, long term, String node) {}
