package dev.staffetta.ports;

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
