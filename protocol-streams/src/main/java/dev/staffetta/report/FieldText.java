package dev.staffetta.report;

import java.nio.charset.StandardCharsets;

/** Texts of others, made fit for a header field or a line of text. */
final class FieldText {
  /** Where lines are folded (RFC 5322 2.1.1). */
  private static final int FOLD = 76;

  /** A word may not be longer, so that no line is longer than 998 (RFC 5322 2.1.1). */
  private static final int MAX_WORD = 900;

  /** A remote host may say much; nobody reads more. */
  private static final int MAX_TEXT = 4000;

  private FieldText() {}

  /**
   * On one line: what is no printable character is a space, and one space stands for many.
   *
   * @param isUtf8 if not, what is not ASCII is written {@code \x{E9}} (RFC 6533 3)
   */
  static String clean(String text, boolean isUtf8) {
    StringBuilder clean = new StringBuilder();
    boolean spaceDue = false;
    int word = 0;
    for (int at = 0; at < text.length() && clean.length() < MAX_TEXT; ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (isSpace(c)) {
        spaceDue = !clean.isEmpty();
        continue;
      }
      String written = isUtf8 || c < 0x80 ? Character.toString(c) : escape(c);
      int octets = written.getBytes(StandardCharsets.UTF_8).length;
      if (spaceDue || word + octets > MAX_WORD) {
        clean.append(' ');
        spaceDue = false;
        word = 0;
      }
      clean.append(written);
      word += octets;
    }
    return clean.toString();
  }

  private static boolean isSpace(int c) {
    return c <= ' '
        || (c >= 0x7f && c <= 0xa0)
        || c == 0x2028
        || c == 0x2029
        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  private static String escape(int c) {
    return String.format("\\x{%02X}", c);
  }

  /** Name, colon and text, folded at spaces, with CRLF. */
  static String field(String name, String text) {
    StringBuilder field = new StringBuilder(name).append(':');
    int column = field.length();
    boolean isFirst = true;
    for (String word : text.split(" ", -1)) {
      if (!isFirst && column + 1 + word.length() > FOLD) {
        field.append("\r\n");
        column = 0;
      }
      field.append(' ').append(word);
      column += 1 + word.length();
      isFirst = false;
    }
    return field.append("\r\n").toString();
  }

  /** A paragraph of so wide lines, each with CRLF. */
  static String paragraph(String indent, String text) {
    StringBuilder lines = new StringBuilder();
    int column = 0;
    for (String word : text.split(" ", -1)) {
      if (column > indent.length() && column + 1 + word.length() > FOLD - 4) {
        lines.append("\r\n");
        column = 0;
      }
      if (column == 0) {
        lines.append(indent);
        column = indent.length();
      } else {
        lines.append(' ');
        column++;
      }
      lines.append(word);
      column += word.length();
    }
    return lines.append("\r\n").toString();
  }
}
