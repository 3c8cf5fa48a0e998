/**
 * What a protocol session may ask of the rest of the product: accounts, folders, mailboxes,
 * contents, deliveries, and the values that travel there and back.
 *
 * <p>Interfaces and immutable values only. Nothing here knows a socket, an actor or a store; the
 * module {@code mailbox-actors} implements the interfaces with actors, tests with maps. Every call
 * answers by a {@link java.util.concurrent.CompletionStage} that fails with a {@link
 * dev.staffetta.ports.Refusal} when the answer is no, and with anything else when nobody can say
 * (to the client: a temporary error).
 */
package dev.staffetta.ports;
