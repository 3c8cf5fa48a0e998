package dev.staffetta.mime;

import java.io.ByteArrayOutputStream;

/**
 * Applies a Content-Transfer-Encoding (RFC 2045 6), chunk by chunk; what decodes it finds every
 * octet again. Used by one thread, for one body.
 */
interface TransferEncoder {
  /** Encodes the bytes from {@code from} up to {@code to}, as far as they tell how. */
  void encode(byte[] bytes, int from, int to, ByteArrayOutputStream encoded);

  /**
   * Encodes what was held back; the body has ended.
   *
   * @param isLast whether nothing follows in the message, which has to end with a line end
   */
  void finish(ByteArrayOutputStream encoded, boolean isLast);
}
