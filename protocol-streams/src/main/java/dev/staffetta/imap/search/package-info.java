/**
 * What SEARCH looks for (RFC 9051 6.4.4) as values, and the search itself: over the mailbox's
 * table, the messages' summaries and, last, their bytes. Parsing a command belongs to {@link
 * dev.staffetta.imap.grammar}.
 */
package dev.staffetta.imap.search;
