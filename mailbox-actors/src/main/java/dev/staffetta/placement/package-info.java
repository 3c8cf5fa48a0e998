/**
 * Which nodes have replicas of which partitions, and which leads: a plan that is computed again and
 * again from how things stand ({@link dev.staffetta.placement.Planner}, pure), the one entity that
 * does so ({@link dev.staffetta.placement.Placement}), and what each node reports to it and does of
 * it ({@link dev.staffetta.placement.NodeAgent}).
 *
 * <p>Who has replicas is what each partition's Raft group itself says; nothing here is a second
 * truth. How a group is changed is the business of {@code dev.staffetta.store}.
 */
package dev.staffetta.placement;
