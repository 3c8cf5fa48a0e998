package dev.staffetta.mime;

import java.util.Optional;

/**
 * Undoes a Content-Transfer-Encoding (RFC 2045 6), chunk by chunk. Any input decodes to something.
 * Used by one thread, for one body.
 */
public interface TransferDecoder {
  /** The decoder of a body with this encoding, lower-case; an unknown one is left as it is. */
  static TransferDecoder of(Optional<String> encoding) {
    return switch (encoding.orElse("")) {
      case "base64" -> base64();
      case "quoted-printable" -> quotedPrintable();
      default -> new IdentityDecoder();
    };
  }

  /** Decodes base64 (RFC 2045 6.8). */
  static TransferDecoder base64() {
    return new Base64Decoder();
  }

  /** Decodes quoted-printable (RFC 2045 6.7). */
  static TransferDecoder quotedPrintable() {
    return new QuotedPrintableDecoder();
  }

  /** What the bytes from {@code from} up to {@code to} complete. */
  byte[] decode(byte[] bytes, int from, int to);

  /** What was still held back; the body has ended. */
  byte[] finish();
}
