package dev.staffetta.mime;

import java.io.ByteArrayOutputStream;

/**
 * quoted-printable (RFC 2045 6.7). CRLF stays a line end; CR and LF that stand alone are encoded.
 * No line begins with a hyphen, so that none can be taken for a delimiter.
 */
final class QuotedPrintableEncoder implements TransferEncoder {
  /** RFC 2045 6.7 (5): 76 with the equals sign that ends a line. */
  private static final int MAX_TEXT = 75;

  private static final byte[] SOFT_BREAK = {'=', '\r', '\n'};
  private static final String HEX = "0123456789ABCDEF";

  private int column;

  /** Space or tab, of which it is not known whether it ends a line; 0: none. */
  private byte space;

  private boolean isAfterCr;

  @Override
  public void encode(byte[] bytes, int from, int to, ByteArrayOutputStream encoded) {
    for (int i = from; i < to; i++) {
      take(bytes[i], encoded);
    }
  }

  private void take(byte b, ByteArrayOutputStream encoded) {
    if (isAfterCr) {
      isAfterCr = false;
      if (b == '\n') {
        writeSpaceAtEnd(encoded);
        encoded.write('\r');
        encoded.write('\n');
        column = 0;
        return;
      }
      writeSpace(encoded);
      writeEncoded((byte) '\r', encoded);
    }
    if (b == '\r') {
      isAfterCr = true;
      return;
    }
    writeSpace(encoded);
    if (b == ' ' || b == '\t') {
      space = b;
    } else if (b > ' ' && b < 0x7f && b != '=') {
      writePlain(b, encoded);
    } else {
      writeEncoded(b, encoded);
    }
  }

  private void writeSpace(ByteArrayOutputStream encoded) {
    if (space != 0) {
      byte held = space;
      space = 0;
      writePlain(held, encoded);
    }
  }

  /** RFC 2045 6.7 (3): white space at the end of a line would be dropped. */
  private void writeSpaceAtEnd(ByteArrayOutputStream encoded) {
    if (space != 0) {
      byte held = space;
      space = 0;
      writeEncoded(held, encoded);
    }
  }

  private void writePlain(byte b, ByteArrayOutputStream encoded) {
    boolean isAtStart = column == 0 || column + 1 > MAX_TEXT;
    if (isAtStart && b == '-') {
      writeEncoded(b, encoded);
      return;
    }
    makeRoom(1, encoded);
    encoded.write(b);
    column++;
  }

  private void writeEncoded(byte b, ByteArrayOutputStream encoded) {
    makeRoom(3, encoded);
    encoded.write('=');
    encoded.write(HEX.charAt((b >> 4) & 15));
    encoded.write(HEX.charAt(b & 15));
    column += 3;
  }

  private void makeRoom(int size, ByteArrayOutputStream encoded) {
    if (column + size > MAX_TEXT) {
      encoded.writeBytes(SOFT_BREAK);
      column = 0;
    }
  }

  @Override
  public void finish(ByteArrayOutputStream encoded, boolean isLast) {
    if (isAfterCr) {
      isAfterCr = false;
      writeSpace(encoded);
      writeEncoded((byte) '\r', encoded);
    }
    writeSpaceAtEnd(encoded);
    if (isLast && column > 0) {
      encoded.writeBytes(SOFT_BREAK);
    }
  }
}
