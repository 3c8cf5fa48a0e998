/**
 * What an operator's monitoring reads of a node: the registry, and what is counted where the node
 * is put together. What a queue or a delivery counts is counted there, not here.
 */
package dev.staffetta.metrics;
