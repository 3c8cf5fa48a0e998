/**
 * Load on a real process that is killed, and a checker that holds what is there afterwards against
 * what was acknowledged before: it is kept, it is there once, and its UID names nothing else. The
 * checker knows only sockets: it trusts nothing that the product says of itself.
 */
package dev.staffetta.crash;
