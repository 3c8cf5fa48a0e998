package dev.staffetta.imap.fetch;

import org.apache.pekko.util.ByteString;

/**
 * Makes sure that a literal is as long as announced, and without NUL, which no literal may hold
 * (RFC 3501 9, CHAR8): a NUL becomes a question mark. A message that came by SMTP or APPEND as the
 * RFCs want it has none.
 */
final class LiteralBytes implements ByteTransform {
  private final long length;
  private long taken;

  /**
   * @param length in bytes, which the client was told
   */
  LiteralBytes(long length) {
    this.length = length;
  }

  @Override
  public ByteString offer(ByteString chunk) {
    taken += chunk.size();
    if (taken > length) {
      throw wrongLength();
    }
    return withoutNul(chunk);
  }

  @Override
  public ByteString finish() {
    if (taken < length) {
      throw wrongLength();
    }
    return ByteString.emptyByteString();
  }

  private IllegalStateException wrongLength() {
    return new IllegalStateException(
        "a content gave " + taken + " bytes where " + length + " should be");
  }

  private static ByteString withoutNul(ByteString chunk) {
    byte[] bytes = chunk.toArrayUnsafe();
    int at = 0;
    while (at < bytes.length && bytes[at] != 0) {
      at++;
    }
    if (at == bytes.length) {
      return chunk;
    }
    byte[] clean = bytes.clone();
    for (int i = at; i < clean.length; i++) {
      if (clean[i] == 0) {
        clean[i] = '?';
      }
    }
    return ByteString.fromArrayUnsafe(clean);
  }
}
