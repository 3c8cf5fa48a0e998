/**
 * Clients that put load on the nodes of a cluster by all three protocols and write down what they
 * did and saw. They judge only what a client can: replies, sequence numbers, deadlines.
 */
package dev.staffetta.nemesis.load;
