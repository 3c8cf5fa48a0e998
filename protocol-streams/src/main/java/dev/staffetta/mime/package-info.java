/**
 * Internet messages as bytes: header fields, MIME structure with byte-exact offsets, envelopes,
 * encoded words and transfer encodings (RFC 5322, 2045 to 2047, 2231). Survives any input; knows no
 * protocol and no storage.
 */
package dev.staffetta.mime;
