package dev.staffetta.report;

import java.nio.charset.StandardCharsets;

/** Text as quoted-printable (RFC 2045 6.7). */
final class QuotedPrintable {
  /** RFC 2045 6.7 (5), with the = that ends a line. */
  private static final int MAX_LINE = 76;

  private QuotedPrintable() {}

  /**
   * Text in UTF-8, encoded.
   *
   * @param text with CRLF line ends, which stay
   */
  static String encode(String text) {
    StringBuilder encoded = new StringBuilder();
    for (String line : text.split("\r\n", -1)) {
      encode(line.getBytes(StandardCharsets.UTF_8), encoded);
      encoded.append("\r\n");
    }
    // The last line end was the text's own.
    encoded.setLength(encoded.length() - 2);
    return encoded.toString();
  }

  private static void encode(byte[] line, StringBuilder encoded) {
    int column = 0;
    for (int i = 0; i < line.length; i++) {
      boolean isLast = i == line.length - 1;
      boolean isPlain =
          (line[i] > ' ' && line[i] < 0x7f && line[i] != '=') || (line[i] == ' ' && !isLast);
      String octet = isPlain ? String.valueOf((char) line[i]) : String.format("=%02X", line[i]);
      if (column + octet.length() > MAX_LINE - 1) {
        encoded.append("=\r\n");
        column = 0;
      }
      encoded.append(octet);
      column += octet.length();
    }
  }
}
