/**
 * The promises of the whole node, each held against a real one: store, actors and listeners over
 * sockets. What one layer promises for itself is proved beside that layer.
 */
package dev.staffetta.proof;
