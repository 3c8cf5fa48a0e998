/**
 * Starts everything that this module has on one node and hands out the ports. Knows all packages
 * beside it; none of them knows it.
 */
package dev.staffetta.system;
