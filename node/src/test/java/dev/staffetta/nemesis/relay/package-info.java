/**
 * The nemesis of mail for other servers: clients submit to every node, nodes are killed, the
 * servers that take the mail fail in scripted ways, and in the end every message that was accepted
 * was delivered or came back. {@link dev.staffetta.nemesis.relay.RelayChecker} is pure.
 */
package dev.staffetta.nemesis.relay;
