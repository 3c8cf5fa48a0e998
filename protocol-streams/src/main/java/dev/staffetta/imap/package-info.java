/**
 * IMAP (RFC 3501, 9051): framing, grammar, session, FETCH and SEARCH. It knows no socket and no
 * storage: those are behind {@link dev.staffetta.ports} and {@link dev.staffetta.wire}.
 */
package dev.staffetta.imap;
