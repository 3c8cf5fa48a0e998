/**
 * How nodes become one cluster of actors and stay one: who may join whom, who founds, when a node
 * is given up, how it leaves. Which node has what of the store is decided elsewhere ({@code
 * placement}); here Raft is only asked who leads.
 */
package dev.staffetta.cluster;
