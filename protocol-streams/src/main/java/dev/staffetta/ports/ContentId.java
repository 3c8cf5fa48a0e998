package dev.staffetta.ports;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names a content: the bytes of a message, which never change. 128 random bits, so that any node
 * may make one.
 *
 * <p>It also names the act that brought the content into a mailbox: the same content offered to the
 * same mailbox twice is a retry of one delivery.
 */
public record ContentId(long high, long low) implements Comparable<ContentId> {
  /** A new id that nobody else has. */
  public static ContentId random() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new ContentId(random.nextLong(), random.nextLong());
  }

  /**
   * The id of something that is made of the content, the same whenever it is made: a report on it,
   * the copy that goes on to another address.
   *
   * @param what it is
   */
  public ContentId derived(String... what) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(toString().getBytes(StandardCharsets.US_ASCII));
      for (String part : what) {
        digest.update((byte) 0);
        digest.update(part.getBytes(StandardCharsets.UTF_8));
      }
      ByteBuffer hash = ByteBuffer.wrap(digest.digest());
      return new ContentId(hash.getLong(), hash.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public int compareTo(ContentId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}
