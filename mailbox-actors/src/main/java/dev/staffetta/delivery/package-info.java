/**
 * From the wire to the mailbox: the spool in which a message waits, its delivery to local
 * recipients, its way to the queues of others, and the reports that senders get (the ports {@code
 * Spool} and {@code Deliveries}, and {@code dev.staffetta.relay.Reports}).
 *
 * <p>Who the recipients are says {@code dev.staffetta.domain}, how a report looks {@code
 * dev.staffetta.report}.
 */
package dev.staffetta.delivery;
