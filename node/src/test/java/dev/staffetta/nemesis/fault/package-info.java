/**
 * A cluster of real processes on loopback and what can be done to it: kills, stops, cut links, full
 * disks. Knows nothing of what clients do.
 */
package dev.staffetta.nemesis.fault;
