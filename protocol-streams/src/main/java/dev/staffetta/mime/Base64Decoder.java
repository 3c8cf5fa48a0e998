package dev.staffetta.mime;

import java.util.Arrays;

/**
 * base64 (RFC 2045 6.8). Chars outside the alphabet are skipped; after padding a new run may begin,
 * as in bodies that were glued together.
 */
final class Base64Decoder implements TransferDecoder {
  private static final byte[] VALUES = new byte[256];

  static {
    Arrays.fill(VALUES, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      VALUES[alphabet.charAt(i)] = (byte) i;
    }
  }

  /** The bits of the chars since the last whole group of four. */
  private int bits;

  private int chars;

  @Override
  public byte[] decode(byte[] bytes, int from, int to) {
    byte[] decoded = new byte[(to - from) * 3 / 4 + 3];
    int size = 0;
    for (int i = from; i < to; i++) {
      int value = VALUES[bytes[i] & 0xff];
      if (value >= 0) {
        bits = bits << 6 | value;
        if (++chars == 4) {
          decoded[size++] = (byte) (bits >> 16);
          decoded[size++] = (byte) (bits >> 8);
          decoded[size++] = (byte) bits;
          chars = 0;
        }
      } else if (bytes[i] == '=') {
        size = flush(decoded, size);
      }
    }
    return Arrays.copyOf(decoded, size);
  }

  /** Writes the whole bytes of an unfinished group. */
  private int flush(byte[] decoded, int size) {
    int next = size;
    if (chars == 2) {
      decoded[next++] = (byte) (bits >> 4);
    } else if (chars == 3) {
      decoded[next++] = (byte) (bits >> 10);
      decoded[next++] = (byte) (bits >> 2);
    }
    chars = 0;
    return next;
  }

  @Override
  public byte[] finish() {
    byte[] decoded = new byte[2];
    return Arrays.copyOf(decoded, flush(decoded, 0));
  }
}
