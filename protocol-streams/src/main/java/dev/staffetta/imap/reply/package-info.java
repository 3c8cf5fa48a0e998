/**
 * What an IMAP session says: its replies as values, and how codes, names and numbers are written
 * (RFC 3501 7). What is said, and when, is decided in {@link dev.staffetta.imap.session}.
 */
package dev.staffetta.imap.reply;
