package dev.staffetta.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values of parameters in charsets, languages and pieces (RFC 2231). */
final class ParameterValues {
  private ParameterValues() {}

  /**
   * The value of a parameter: of {@code name*} and {@code name*0}, {@code name*1} … put together
   * and decoded if the field has them, else of {@code name} as it is.
   *
   * @param name lower-case, without an asterisk
   */
  static Optional<String> decoded(List<Parameter> parameters, String name) {
    Map<String, String> values = new HashMap<>();
    parameters.forEach(p -> values.putIfAbsent(p.name(), p.value()));
    String whole = values.get(name + "*");
    if (whole != null) {
      Piece piece = first(whole);
      return Optional.of(Charsets.decode(percentDecoded(piece.text), piece.charset));
    }
    if (values.containsKey(name + "*0") || values.containsKey(name + "*0*")) {
      return Optional.of(joined(values, name));
    }
    return Optional.ofNullable(values.get(name));
  }

  /** A value without its charset and language. */
  private record Piece(String charset, String text) {}

  /** Splits {@code charset'language'text}; a text without quotes has no charset. */
  private static Piece first(String value) {
    int charset = value.indexOf('\'');
    int language = charset < 0 ? -1 : value.indexOf('\'', charset + 1);
    return language < 0
        ? new Piece("", value)
        : new Piece(value.substring(0, charset), value.substring(language + 1));
  }

  private static String joined(Map<String, String> values, String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String charset = "";
    for (int i = 0; ; i++) {
      String plain = values.get(name + "*" + i);
      String extended = values.get(name + "*" + i + "*");
      if (extended != null) {
        Piece piece = i == 0 ? first(extended) : new Piece(charset, extended);
        charset = piece.charset;
        bytes.writeBytes(percentDecoded(piece.text));
      } else if (plain != null) {
        bytes.writeBytes(plain.getBytes(StandardCharsets.ISO_8859_1));
      } else {
        return Charsets.decode(bytes.toByteArray(), charset);
      }
    }
  }

  private static byte[] percentDecoded(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    int i = 0;
    while (i < text.length()) {
      int octet = text.charAt(i) == '%' ? octet(text, i + 1) : -1;
      bytes.write(octet >= 0 ? octet : text.charAt(i));
      i += octet >= 0 ? 3 : 1;
    }
    return bytes.toByteArray();
  }

  /** The value of two hexadecimal digits; -1 when they are none. */
  private static int octet(String text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
