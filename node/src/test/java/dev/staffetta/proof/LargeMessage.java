package dev.staffetta.proof;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;

/**
 * A message too large to hold ten of: the same from the same seed, made as it is sent and digested
 * as it is read.
 *
 * @param size in octets; at the most a block more
 */
record LargeMessage(long seed, long size) {
  /** The message's first line, which tells it from the trace fields before it. */
  private static final byte[] FIRST_LINE = "X-Large: yes\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int LINES_IN_BLOCK = 200;

  /** Takes the message in whole lines. */
  interface Lines {
    void take(byte[] lines) throws IOException;
  }

  void writeTo(Lines to) throws IOException {
    to.take(FIRST_LINE);
    to.take("Subject: large\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    Random random = new Random(seed);
    byte[] octets = new byte[57 * LINES_IN_BLOCK];
    for (long written = 0; written < size; ) {
      random.nextBytes(octets);
      byte[] lines =
          (Base64.getMimeEncoder().encodeToString(octets) + "\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      to.take(lines);
      written += lines.length;
    }
  }

  /** What {@link Digest#value} says of it when it comes out as it went in. */
  String digest() throws IOException {
    MessageDigest digest = sha256();
    writeTo(digest::update);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Digests a delivered message from its own first line on. */
  static final class Digest extends OutputStream {
    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream trace = new ByteArrayOutputStream();
    private boolean isInMessage;

    @Override
    public void write(int octet) {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
      if (isInMessage) {
        digest.update(octets, offset, length);
        return;
      }
      trace.write(octets, offset, length);
      String soFar = trace.toString(StandardCharsets.ISO_8859_1);
      int start = soFar.indexOf(new String(FIRST_LINE, StandardCharsets.US_ASCII));
      if (start >= 0) {
        isInMessage = true;
        digest.update(trace.toByteArray(), start, trace.size() - start);
      }
    }

    String value() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
