/**
 * An IMAP session as a value (RFC 3501 3): its state, what each command does, and what the client
 * is told of other sessions' changes. {@link dev.staffetta.imap.session.ImapSession} is where
 * inputs come in, {@link dev.staffetta.imap.session.Commands} where each command's way begins.
 *
 * <p>Pure: no socket, clock, thread or port. What must be asked of a port is an {@link
 * dev.staffetta.imap.session.Effect}, carried out by {@link dev.staffetta.imap.ImapProtocol}.
 */
package dev.staffetta.imap.session;
