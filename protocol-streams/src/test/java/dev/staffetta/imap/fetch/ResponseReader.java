package dev.staffetta.imap.fetch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;

/**
 * Reads FETCH responses strictly by the grammar of RFC 3501 9, as a client would: nested lists of
 * atoms and strings. A string is its octets, a char each; NIL and other atoms are {@link Atom}.
 */
final class ResponseReader {
  /** An atom: NIL, a number, an item's name with its section. */
  record Atom(String text) {}

  private final String text;
  private int at;

  private ResponseReader(ByteString bytes) {
    text = new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
  }

  /** All lines; each is the list of items and values. Fails when anything is not by the grammar. */
  static List<List<Object>> lines(ByteString bytes) {
    ResponseReader reader = new ResponseReader(bytes);
    List<List<Object>> lines = new ArrayList<>();
    while (reader.at < reader.text.length()) {
      reader.expect("* ");
      reader.atom();
      reader.expect(" FETCH ");
      lines.add(reader.list());
      reader.expect("\r\n");
    }
    return lines;
  }

  private void expect(String wanted) {
    if (!text.startsWith(wanted, at)) {
      throw new IllegalArgumentException(
          "'"
              + wanted
              + "' is not at "
              + at
              + ": "
              + text.substring(at, Math.min(text.length(), at + 40)));
    }
    at += wanted.length();
  }

  private List<Object> list() {
    List<Object> values = new ArrayList<>();
    expect("(");
    while (text.charAt(at) != ')') {
      // Lists may touch, as the parts of a multipart; all else is divided by one space.
      boolean touches = text.charAt(at) == '(' && text.charAt(at - 1) == ')';
      if (!values.isEmpty() && !touches) {
        expect(" ");
      }
      values.add(value());
    }
    expect(")");
    return values;
  }

  private Object value() {
    return switch (text.charAt(at)) {
      case '(' -> list();
      case '"' -> quoted();
      case '{' -> literal();
      default -> atom();
    };
  }

  private Atom atom() {
    int start = at;
    boolean inSection = false;
    while (inSection || " ()\r\n\"{".indexOf(text.charAt(at)) < 0) {
      inSection = text.charAt(at) == '[' || (inSection && text.charAt(at) != ']');
      at++;
    }
    if (start == at) {
      throw new IllegalArgumentException("no atom at " + at + ": " + text.substring(at));
    }
    return new Atom(text.substring(start, at));
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    expect("\"");
    while (text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c == '\\') {
        c = text.charAt(at++);
        if (c != '"' && c != '\\') {
          throw new IllegalArgumentException("backslash before " + c);
        }
      } else if (c == '\r' || c == '\n' || c == 0 || c > 0x7f) {
        throw new IllegalArgumentException("char " + (int) c + " in a quoted string");
      }
      value.append(c);
    }
    expect("\"");
    return value.toString();
  }

  private String literal() {
    expect("{");
    int close = text.indexOf('}', at);
    int length = Integer.parseInt(text.substring(at, close));
    at = close;
    expect("}\r\n");
    at += length;
    String value = text.substring(at - length, at);
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("NUL in a literal");
    }
    return value;
  }
}
