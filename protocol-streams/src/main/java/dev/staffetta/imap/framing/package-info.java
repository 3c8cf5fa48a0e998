/**
 * IMAP's bytes to frames (RFC 3501 2.2, RFC 7888): lines, literals and stretches of literals, each
 * within a limit. It knows no command; what the bytes say is the matter of {@link
 * dev.staffetta.imap.grammar}.
 */
package dev.staffetta.imap.framing;
