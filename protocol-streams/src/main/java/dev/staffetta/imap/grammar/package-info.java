/**
 * What an IMAP client says, as values: the formal syntax of RFC 3501 9 and of the extensions that
 * are offered. Pure functions from bytes to records; nothing here knows a session, a mailbox or a
 * port.
 */
package dev.staffetta.imap.grammar;
