package dev.staffetta.mime;

import java.io.ByteArrayOutputStream;

/** quoted-printable (RFC 2045 6.7). An equals sign that begins nothing known is text. */
final class QuotedPrintableDecoder implements TransferDecoder {
  /**
   * White space at the end of a line is dropped; so much of it is held back until that is known.
   */
  private static final int LONGEST_SPACE = 1000;

  private static final int NONE = -1;

  /** What comes before the next byte. */
  private enum State {
    TEXT,
    /** An equals sign. */
    EQUALS,
    /** An equals sign and white space. */
    SOFT_BREAK,
    /** An equals sign and CR. */
    SOFT_BREAK_CR,
    /** An equals sign and a hexadecimal digit. */
    DIGIT
  }

  private State state = State.TEXT;
  private byte digit;
  private final ByteArrayOutputStream space = new ByteArrayOutputStream();

  @Override
  public byte[] decode(byte[] bytes, int from, int to) {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(to - from + 8);
    for (int i = from; i < to; i++) {
      take(bytes[i], decoded);
    }
    return decoded.toByteArray();
  }

  private void take(byte b, ByteArrayOutputStream out) {
    switch (state) {
      case TEXT -> text(b, out);
      case EQUALS -> {
        if (hex(b) != NONE) {
          digit = b;
          state = State.DIGIT;
        } else if (b == ' ' || b == '\t') {
          state = State.SOFT_BREAK;
        } else if (b == '\r') {
          state = State.SOFT_BREAK_CR;
        } else {
          state = State.TEXT;
          if (b != '\n') {
            out.write('=');
            text(b, out);
          }
        }
      }
      case SOFT_BREAK -> {
        if (b == '\r') {
          state = State.SOFT_BREAK_CR;
        } else if (b == '\n') {
          state = State.TEXT;
        } else if (b != ' ' && b != '\t') {
          state = State.TEXT;
          out.write('=');
          text(b, out);
        }
      }
      case SOFT_BREAK_CR -> {
        state = State.TEXT;
        if (b != '\n') {
          text(b, out);
        }
      }
      case DIGIT -> {
        state = State.TEXT;
        if (hex(b) != NONE) {
          out.write(hex(digit) << 4 | hex(b));
        } else {
          out.write('=');
          out.write(digit);
          text(b, out);
        }
      }
    }
  }

  private void text(byte b, ByteArrayOutputStream out) {
    if (b == ' ' || b == '\t') {
      if (space.size() == LONGEST_SPACE) {
        flushSpace(out);
      }
      space.write(b);
      return;
    }
    if (b == '\r' || b == '\n') {
      space.reset();
    } else {
      flushSpace(out);
    }
    if (b == '=') {
      state = State.EQUALS;
    } else {
      out.write(b);
    }
  }

  private void flushSpace(ByteArrayOutputStream out) {
    if (space.size() > 0) {
      out.writeBytes(space.toByteArray());
      space.reset();
    }
  }

  private static int hex(byte b) {
    return Character.digit(b, 16);
  }

  @Override
  public byte[] finish() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    flushSpace(out);
    if (state == State.DIGIT) {
      out.write('=');
      out.write(digit);
    }
    state = State.TEXT;
    return out.toByteArray();
  }
}
