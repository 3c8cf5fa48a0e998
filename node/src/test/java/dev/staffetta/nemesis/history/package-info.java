/**
 * What clients of a cluster did and saw, and the pure check that it keeps the promises. Knows no
 * socket, no process and no clock: a history is a value, and a violation is a sentence about it.
 */
package dev.staffetta.nemesis.history;
