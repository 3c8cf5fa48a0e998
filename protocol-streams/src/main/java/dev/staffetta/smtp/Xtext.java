package dev.staffetta.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of parameters as they are encoded on a command line (RFC 3461 4, RFC 6533 3). */
final class Xtext {
  /** RFC 3461 4, xtext. */
  private static final Pattern XTEXT = Pattern.compile("(?:[!-*,-<>-~]|\\+[0-9A-F]{2})+");

  /** RFC 6533 3, utf-8-addr-xtext and utf-8-addr-unitext. */
  private static final Pattern UTF8_ADDRESS =
      Pattern.compile("(?:[!-*,-<>-\\[\\]-~]|[^\\x00-\\x9f]|\\\\x\\{[0-9A-F]{2,6}\\})+");

  private static final Pattern UTF8_ESCAPE = Pattern.compile("\\\\x\\{([0-9A-F]{2,6})\\}");

  private static final int MAX_CODE_POINT = 0x10ffff;

  private Xtext() {}

  /** What xtext stands for; empty: it is none, or stands for something that is no UTF-8. */
  static Optional<String> decode(String encoded) {
    if (!XTEXT.matcher(encoded).matches()) {
      return Optional.empty();
    }
    ByteBuffer octets = ByteBuffer.allocate(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '+') {
        octets.put((byte) Integer.parseInt(encoded.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        octets.put((byte) c);
      }
    }
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** What an address of type utf-8 stands for; empty: it is none. */
  static Optional<String> decodeUtf8Address(String encoded) {
    if (!UTF8_ADDRESS.matcher(encoded).matches()) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    Matcher escape = UTF8_ESCAPE.matcher(encoded);
    while (escape.find()) {
      int codePoint = Integer.parseInt(escape.group(1), 16);
      if (codePoint > MAX_CODE_POINT
          || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE)) {
        return Optional.empty();
      }
      escape.appendReplacement(text, Matcher.quoteReplacement(Character.toString(codePoint)));
    }
    return Optional.of(escape.appendTail(text).toString());
  }

  /** Whether all of it can stand in a field of a report: no control character (RFC 3461 4.4). */
  static boolean isPrintable(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c != 0x7f && !(c >= 0x80 && c < 0xa0));
  }
}
