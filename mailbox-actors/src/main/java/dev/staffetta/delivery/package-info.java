/**
 * From the wire to the mailbox: the spool in which a message waits, and its delivery to local
 * recipients (the ports {@code Spool} and {@code Deliveries}).
 *
 * <p>Who the recipients are says {@code dev.staffetta.domain}.
 */
package dev.staffetta.delivery;
