package dev.staffetta.imap.search;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * Cuts a header into its fields, chunk by chunk. Of a field that is longer than {@link #LONGEST}
 * the rest is not looked at. Used by one thread, for one header.
 */
final class FieldReader {
  private static final int LONGEST = 64 * 1024;

  private final BiConsumer<String, String> fields;
  private final ByteArrayOutputStream field = new ByteArrayOutputStream();
  private boolean isAtLineStart;

  /**
   * @param fields told name, lower-case, and unfolded value of each; a char an octet
   */
  FieldReader(BiConsumer<String, String> fields) {
    this.fields = fields;
  }

  void offer(byte[] bytes) {
    for (byte b : bytes) {
      if (isAtLineStart && b != ' ' && b != '\t') {
        finish();
      }
      isAtLineStart = b == '\n';
      // Unfolding takes line ends away (RFC 5322 2.2.3).
      if (b != '\n' && b != '\r' && field.size() < LONGEST) {
        field.write(b);
      }
    }
  }

  /** The header has ended. */
  void finish() {
    if (field.size() > 0) {
      String text = field.toString(StandardCharsets.ISO_8859_1);
      int colon = text.indexOf(':');
      String name = colon < 0 ? "" : text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      fields.accept(name, text.substring(colon + 1).strip());
      field.reset();
    }
  }
}
