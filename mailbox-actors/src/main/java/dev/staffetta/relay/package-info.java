/**
 * Mail for other servers: the queues it waits in, the schedule, and the delivery actors that send
 * it. How one connection speaks is {@code dev.staffetta.smtp.client}'s, where it leads {@code
 * route}'s.
 */
package dev.staffetta.relay;
