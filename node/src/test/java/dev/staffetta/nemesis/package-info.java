/**
 * A claim about faults is a history and a checker. {@code node/bin/nemesis} lets clients loose on a
 * cluster of real processes ({@link dev.staffetta.nemesis.load}), does to it what may happen
 * ({@link dev.staffetta.nemesis.fault}), and holds what clients saw against what they were promised
 * ({@link dev.staffetta.nemesis.history}).
 */
package dev.staffetta.nemesis;
