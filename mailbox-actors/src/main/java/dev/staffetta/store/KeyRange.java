package dev.staffetta.store;

import java.util.Arrays;

/**
 * Keys from one (inclusive) to another (exclusive), in the order of their bytes as unsigned
 * numbers.
 */
public final class KeyRange {
  private final byte[] from;
  private final byte[] to;

  /** Arrays are not copied and must not change. */
  public KeyRange(byte[] from, byte[] to) {
    this.from = from;
    this.to = to;
  }

  /** All keys that begin with {@code prefix}, which has a byte that is not 0xFF. */
  public static KeyRange beginningWith(byte[] prefix) {
    int last = prefix.length - 1;
    while (last >= 0 && prefix[last] == (byte) 0xFF) {
      last--;
    }
    if (last < 0) {
      throw new IllegalArgumentException("no key lies behind a prefix of only 0xFF");
    }
    byte[] end = Arrays.copyOf(prefix, last + 1);
    end[last]++;
    return new KeyRange(prefix, end);
  }

  /** The rest of this range behind {@code key}. */
  public KeyRange after(byte[] key) {
    return new KeyRange(Arrays.copyOf(key, key.length + 1), to);
  }

  /** The first key that belongs to it. */
  public byte[] from() {
    return from;
  }

  /** The first key behind it. */
  public byte[] to() {
    return to;
  }

  /** Whether a key belongs to it. */
  public boolean contains(byte[] key) {
    return Arrays.compareUnsigned(key, from) >= 0 && Arrays.compareUnsigned(key, to) < 0;
  }
}
