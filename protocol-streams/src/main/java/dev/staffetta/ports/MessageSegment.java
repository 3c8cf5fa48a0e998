package dev.staffetta.ports;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Up to {@link #CAPACITY} neighbouring messages of a {@link MessageTable} in columns: 52 bytes a
 * message.
 *
 * <p>Immutable; a table that changes shares all segments that did not. So two tables of one mailbox
 * differ just where their segments are not the same object, and whoever stores segments need write
 * only those.
 */
public final class MessageSegment {
  /** Messages in a full segment. */
  public static final int CAPACITY = 1024;

  private static final MessageSegment NONE =
      new MessageSegment(
          new long[0], new long[0], new long[0], new int[0], new int[0], new long[0]);

  private final long[] uids;
  private final long[] flags;
  private final long[] modseqs;
  private final int[] sizes;
  private final int[] dates;
  private final long[] contents;

  private MessageSegment(
      long[] uids, long[] flags, long[] modseqs, int[] sizes, int[] dates, long[] contents) {
    this.uids = uids;
    this.flags = flags;
    this.modseqs = modseqs;
    this.sizes = sizes;
    this.dates = dates;
    this.contents = contents;
  }

  /** The segment of these messages, 1 to {@link #CAPACITY}, ascending by UID. */
  public static MessageSegment of(List<Message> messages) {
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("a segment holds at least 1 message");
    }
    return NONE.append(messages);
  }

  /** This segment and, behind it, messages with higher UIDs, as many as there is room for. */
  MessageSegment append(List<Message> messages) {
    int size = uids.length;
    int n = size + messages.size();
    if (n > CAPACITY) {
      throw new IllegalArgumentException(
          "a segment holds at most " + CAPACITY + " messages, not " + n);
    }
    MessageSegment result =
        new MessageSegment(
            Arrays.copyOf(uids, n),
            Arrays.copyOf(flags, n),
            Arrays.copyOf(modseqs, n),
            Arrays.copyOf(sizes, n),
            Arrays.copyOf(dates, n),
            Arrays.copyOf(contents, 2 * n));
    for (int i = size; i < n; i++) {
      result.set(i, messages.get(i - size));
    }
    return result;
  }

  /** Writes a row of a segment that nobody else has seen yet. */
  private void set(int index, Message message) {
    if (index > 0 && message.uid() <= uids[index - 1]) {
      throw new IllegalArgumentException("UID " + message.uid() + " after " + uids[index - 1]);
    }
    uids[index] = message.uid();
    flags[index] = message.flags();
    modseqs[index] = message.modseq();
    sizes[index] = Math.toIntExact(message.size());
    // Seconds as unsigned 32 bits: 1970 to 2106.
    dates[index] = (int) message.internalDate().getEpochSecond();
    contents[2 * index] = message.content().high();
    contents[2 * index + 1] = message.content().low();
  }

  /** Messages in it, at least 1. */
  public int size() {
    return uids.length;
  }

  /** The message at {@code index}, from 0. */
  public Message get(int index) {
    return new Message(
        uids[index],
        flags[index],
        modseqs[index],
        sizes[index],
        Instant.ofEpochSecond(Integer.toUnsignedLong(dates[index])),
        new ContentId(contents[2 * index], contents[2 * index + 1]));
  }

  /** The UID at {@code index}. */
  public long uid(int index) {
    return uids[index];
  }

  /** The flags at {@code index}. */
  public long flags(int index) {
    return flags[index];
  }

  /** The modseq at {@code index}. */
  public long modseq(int index) {
    return modseqs[index];
  }

  /** The lowest UID. */
  public long firstUid() {
    return uids[0];
  }

  /** The highest UID. */
  public long lastUid() {
    return uids[uids.length - 1];
  }

  /**
   * The index of a UID; negative when it is not here, as {@link Arrays#binarySearch(long[], long)}.
   */
  public int indexOf(long uid) {
    return Arrays.binarySearch(uids, uid);
  }

  /** This segment with other flags at some indexes: {@code newFlags[k]} at {@code indexes[k]}. */
  MessageSegment withFlags(int[] indexes, long[] newFlags, long[] newModseqs) {
    long[] f = flags.clone();
    long[] m = modseqs.clone();
    for (int k = 0; k < indexes.length; k++) {
      f[indexes[k]] = newFlags[k];
      m[indexes[k]] = newModseqs[k];
    }
    return new MessageSegment(uids, f, m, sizes, dates, contents);
  }
}
