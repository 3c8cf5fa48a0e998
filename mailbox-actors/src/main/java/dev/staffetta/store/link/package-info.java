/**
 * The connections between the Raft servers of the nodes: frames over TCP or TLS, who is asked for
 * what, and Ratis' own interfaces on top. Nothing here knows a partition's contents, and nothing
 * outside knows a frame.
 */
package dev.staffetta.store.link;
