package dev.staffetta.mime;

/**
 * A parameter of a structured field (RFC 2045 5.1).
 *
 * @param name lower-case; with the asterisks of RFC 2231 where the message has them
 * @param value without quotes and backslashes, not decoded
 */
public record Parameter(String name, String value) {}
