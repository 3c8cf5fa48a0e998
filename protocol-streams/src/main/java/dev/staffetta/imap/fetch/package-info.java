/**
 * What FETCH asks for (RFC 9051 6.4.5) as values, and the untagged FETCH responses (RFC 9051 7.5.2)
 * as a stream of bytes. Parsing a command belongs to {@link dev.staffetta.imap.grammar}, changing
 * flags to {@link dev.staffetta.imap.session}.
 */
package dev.staffetta.imap.fetch;
