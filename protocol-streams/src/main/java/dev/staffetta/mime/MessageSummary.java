package dev.staffetta.mime;

/**
 * What is learnt of a message once, when it is received, and kept beside its bytes.
 *
 * @param size of the message, in bytes
 * @param headerSize in bytes, with the empty line that ends it
 */
public record MessageSummary(long size, long headerSize) {}
