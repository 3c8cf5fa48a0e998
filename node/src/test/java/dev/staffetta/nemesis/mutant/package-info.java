/**
 * The product with a promise broken on purpose, to see whether the nemesis notices: a source file
 * is changed in one place, compiled, and its classes are swapped in by an agent when a node's
 * process loads them. So no switch that breaks a promise is in the product.
 */
package dev.staffetta.nemesis.mutant;
