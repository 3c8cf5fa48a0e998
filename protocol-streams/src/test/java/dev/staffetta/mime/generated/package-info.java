/**
 * Messages of every shape from a seed, with what a reader should find in them: for tests of the
 * parser, and for whoever sends mail through the product and wants it back byte for byte.
 */
package dev.staffetta.mime.generated;
