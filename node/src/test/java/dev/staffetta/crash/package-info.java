/**
 * Load on a real process that is killed, and a checker that holds what is there afterwards against
 * what was acknowledged before (DESIGN.md, Promises 1, 3 and 4). The checker knows only sockets: it
 * trusts nothing that the product says of itself.
 */
package dev.staffetta.crash;
