package dev.staffetta.mime;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;

/** base64 (RFC 2045 6.8), in lines of 76 characters divided by CRLF. */
final class Base64Encoder implements TransferEncoder {
  private static final byte[] CRLF = {'\r', '\n'};

  /** Octets that make a line. */
  private final byte[] line = new byte[57];

  private int size;
  private boolean isFirst = true;

  @Override
  public void encode(byte[] bytes, int from, int to, ByteArrayOutputStream encoded) {
    int at = from;
    while (at < to) {
      int taken = Math.min(line.length - size, to - at);
      System.arraycopy(bytes, at, line, size, taken);
      size += taken;
      at += taken;
      if (size == line.length) {
        writeLine(encoded);
      }
    }
  }

  private void writeLine(ByteArrayOutputStream encoded) {
    if (!isFirst) {
      encoded.writeBytes(CRLF);
    }
    isFirst = false;
    byte[] octets = size == line.length ? line : Arrays.copyOf(line, size);
    encoded.writeBytes(Base64.getEncoder().encode(octets));
    size = 0;
  }

  @Override
  public void finish(ByteArrayOutputStream encoded, boolean isLast) {
    if (size > 0) {
      writeLine(encoded);
    }
    if (isLast) {
      encoded.writeBytes(CRLF);
    }
  }
}
