/**
 * Internet messages as bytes: header fields, MIME structure with byte-exact offsets, envelopes,
 * encoded words and transfer encodings (RFC 5322, 2045 to 2047, 2231). Survives any input in
 * bounded memory; knows no protocol and no storage.
 *
 * <p>The way in is {@link dev.staffetta.mime.MessageParser}, what comes out a {@link
 * dev.staffetta.mime.MessageSummary}. Texts in a summary are octets as the message has them, one
 * char each (ISO 8859-1), nothing decoded: {@link dev.staffetta.mime.EncodedWords} makes them
 * readable.
 */
package dev.staffetta.mime;
