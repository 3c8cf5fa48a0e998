package dev.staffetta.imap.fetch;

import java.util.Arrays;
import java.util.Optional;

/**
 * A growing buffer of response bytes, with the strings of RFC 9051 4.3. Used by one thread.
 *
 * <p>A {@code String} given to it is text of a message: one char an octet (ISO 8859-1), as it was
 * sent.
 */
final class ResponseWriter {
  private byte[] buffer;
  private int size;

  /**
   * @param capacity in bytes, to start with
   */
  ResponseWriter(int capacity) {
    buffer = new byte[capacity];
  }

  /** Bytes written and not yet taken. */
  int size() {
    return size;
  }

  /** What was written since the last taking; the writer is empty then. */
  byte[] take() {
    byte[] taken = Arrays.copyOf(buffer, size);
    size = 0;
    return taken;
  }

  /** Writes text of the protocol, octets as they are. */
  ResponseWriter ascii(String text) {
    int length = text.length();
    ensure(length);
    for (int i = 0; i < length; i++) {
      buffer[size++] = (byte) text.charAt(i);
    }
    return this;
  }

  ResponseWriter bytes(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
    return this;
  }

  /** Writes a number, at least 0. */
  ResponseWriter number(long value) {
    ensure(20);
    if (value < 10) {
      buffer[size++] = (byte) ('0' + value);
      return this;
    }
    int digits = 0;
    for (long rest = value; rest > 0; rest /= 10) {
      digits++;
    }
    int end = size + digits;
    long rest = value;
    for (int at = end - 1; at >= size; at--) {
      buffer[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size = end;
    return this;
  }

  /** Writes NIL or a string. */
  ResponseWriter nstring(Optional<String> text) {
    return text.isPresent() ? string(text.get()) : ascii("NIL");
  }

  /**
   * Writes a string: quoted where RFC 3501 9 allows it, else a literal. NUL, which no string can
   * hold, is left out.
   */
  ResponseWriter string(String octets) {
    String text = octets.indexOf('\0') < 0 ? octets : octets.replace("\0", "");
    return isQuotable(text) ? quoted(text) : literal(text);
  }

  private static boolean isQuotable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n' || c > 0x7f) {
        return false;
      }
    }
    return true;
  }

  private ResponseWriter quoted(String text) {
    ensure(2 * text.length() + 2);
    buffer[size++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        buffer[size++] = '\\';
      }
      buffer[size++] = (byte) c;
    }
    buffer[size++] = '"';
    return this;
  }

  private ResponseWriter literal(String text) {
    return literalHeader(text.length()).ascii(text);
  }

  /** Announces a literal of so many octets, which must follow. */
  ResponseWriter literalHeader(long length) {
    return ascii("{").number(length).ascii("}\r\n");
  }

  private void ensure(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}
