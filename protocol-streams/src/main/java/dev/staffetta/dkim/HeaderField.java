package dev.staffetta.dkim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A field of a header.
 *
 * @param name lower-case
 * @param value as it came, unfolded or not; a character an octet
 */
record HeaderField(String name, String value) {
  /** The fields of a header, in their order; a line that is none of any field is left out. */
  static List<HeaderField> parse(String header) {
    List<HeaderField> fields = new ArrayList<>();
    // A line that begins with white space goes on with the field before it (RFC 5322 2.2.3).
    for (String field : header.split("\r\n(?![ \t])", -1)) {
      int colon = field.indexOf(':');
      if (colon > 0) {
        String name = field.substring(0, colon).stripTrailing().toLowerCase(Locale.ROOT);
        fields.add(new HeaderField(name, field.substring(colon + 1)));
      }
    }
    return fields;
  }

  /** The relaxed form (RFC 6376 3.4.2), without CRLF. */
  String relaxed() {
    String unfolded = value.replace("\r\n", "");
    StringBuilder relaxed = new StringBuilder(name).append(':');
    int start = relaxed.length();
    boolean isSpacePending = false;
    for (int i = 0; i < unfolded.length(); i++) {
      char octet = unfolded.charAt(i);
      if (octet == ' ' || octet == '\t') {
        isSpacePending = true;
      } else {
        if (isSpacePending && relaxed.length() > start) {
          relaxed.append(' ');
        }
        isSpacePending = false;
        relaxed.append(octet);
      }
    }
    return relaxed.toString();
  }
}
