/**
 * One node as a process: its data directory, its start in order, its orderly stop, and the wiring
 * of listeners, protocols, actors and store. The only package that knows all the others; what it
 * wires decides nothing itself.
 */
package dev.staffetta.node;
