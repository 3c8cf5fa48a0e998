/**
 * Administration of a running cluster over HTTP, on any node: its routes, its token, what it tells
 * of the cluster. Whatever it changes goes through the ports {@link dev.staffetta.ports.Directory}
 * and {@link dev.staffetta.ports.Queues}, or is the node's own business ({@link
 * dev.staffetta.admin.Operations}); nothing here knows an actor or a store. The command line's side
 * of it is {@code dev.staffetta.cli}.
 */
package dev.staffetta.admin;
