package dev.staffetta.mime;

import java.util.Arrays;

/** 7bit, 8bit and binary: nothing to undo (RFC 2045 6.2). */
final class IdentityDecoder implements TransferDecoder {
  @Override
  public byte[] decode(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  @Override
  public byte[] finish() {
    return new byte[0];
  }
}
