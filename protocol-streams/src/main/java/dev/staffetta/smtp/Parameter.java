package dev.staffetta.smtp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A parameter of MAIL or RCPT (RFC 5321 4.1.2, esmtp-param).
 *
 * @param keyword upper-case
 * @param value empty when there is none
 */
record Parameter(String keyword, boolean hasValue, String value) {

  /** What follows a path, up to the end of the line; each keyword once. */
  static List<Parameter> all(TextCursor text) throws SyntaxFault {
    List<Parameter> all = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    while (!text.atEnd()) {
      if (text.takeWhile(c -> c == ' ').isEmpty()) {
        throw fault("parameters are divided from the address and each other by a space");
      }
      String keyword = text.takeWhile(c -> c > ' ' && c != '=').toUpperCase(Locale.ROOT);
      boolean hasValue = text.skip('=');
      String value = text.takeWhile(c -> c > ' ');
      if (!seen.add(keyword)) {
        throw fault("a parameter was given twice");
      }
      all.add(new Parameter(keyword, hasValue, value));
    }
    return all;
  }

  void requireNoValue() throws SyntaxFault {
    if (hasValue) {
      throw fault(keyword + " has no value");
    }
  }

  static SyntaxFault notRecognized() {
    return new SyntaxFault(555, "5.5.4", "parameter not recognized");
  }

  static SyntaxFault fault(String text) {
    return new SyntaxFault(501, "5.5.4", text);
  }
}
