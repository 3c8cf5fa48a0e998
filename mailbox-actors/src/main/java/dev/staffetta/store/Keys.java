package dev.staffetta.store;

import dev.staffetta.ports.ContentId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The keys of a partition. The first byte says what it is; numbers are big-endian, so that the
 * order of keys is the order of numbers; texts are UTF-8 and end with a zero byte.
 *
 * <pre>
 * 00                                                    index and term of the last entry applied
 * 01  batch id (16)  piece (4)                          a piece of a batch too large for one entry
 * 10  persistence id 0  sequence number (8)             an event
 * 11  persistence id 0                                  highest sequence number, deleted up to
 * 20  persistence id 0  sequence number (8)             root of a snapshot
 * 21  persistence id 0  generation (8)  number (4)      segment of snapshots
 * 22  persistence id 0                                  generation of the last snapshot begun
 * 30  content id (16)                                   size and summary of a content
 * 31  content id (16)  chunk (4)                        its bytes
 * 32  content id (16)  persistence id 0  number (8)     that entity refers to the content, for its
 *                                                       message of this number: a UID
 * 33  milliseconds since 1970 (8)  content id (16)      look then whether something refers to it
 * 34  content id (16)                                   the newest such time, 8 bytes
 * 40 to 4f                                              what waits to be sent (dev.staffetta.relay)
 * </pre>
 */
@SuppressWarnings(
    "ByteBufferBackingArray") // every buffer is allocated here, exactly as long as its key
public final class Keys {
  private static final byte APPLIED = 0x00;
  private static final byte STAGED = 0x01;
  private static final byte EVENT = 0x10;
  private static final byte HIGHEST = 0x11;
  private static final byte SNAPSHOT = 0x20;
  private static final byte SEGMENT = 0x21;
  private static final byte GENERATION = 0x22;
  private static final byte CONTENT = 0x30;
  private static final byte CHUNK = 0x31;
  private static final byte REFERENCE = 0x32;
  private static final byte SWEEP = 0x33;
  private static final byte NEWEST_SWEEP = 0x34;

  private static final int CONTENT_ID_BYTES = 2 * Long.BYTES;

  private Keys() {}

  /** Where the state machine keeps how far it has got. */
  static byte[] applied() {
    return new byte[] {APPLIED};
  }

  /** A piece of a staged batch, from 0. */
  static byte[] staged(byte[] batchId, int piece) {
    return ByteBuffer.allocate(1 + batchId.length + Integer.BYTES)
        .put(STAGED)
        .put(batchId)
        .putInt(piece)
        .array();
  }

  /** All pieces of all staged batches. */
  static KeyRange staged() {
    return KeyRange.beginningWith(new byte[] {STAGED});
  }

  /** An event. */
  public static byte[] event(String persistenceId, long sequenceNumber) {
    return number(EVENT, persistenceId, sequenceNumber);
  }

  /** Events with sequence numbers from {@code first} to {@code last}, both included. */
  public static KeyRange events(String persistenceId, long first, long last) {
    return new KeyRange(
        event(persistenceId, first),
        last == Long.MAX_VALUE
            ? KeyRange.beginningWith(text(EVENT, persistenceId, 0).array()).to()
            : event(persistenceId, last + 1));
  }

  /** The sequence number at the end of an event's or a snapshot's key. */
  public static long sequenceNumber(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
  }

  /** Highest sequence number ever written, and up to where events were deleted. */
  public static byte[] highest(String persistenceId) {
    return text(HIGHEST, persistenceId, 0).array();
  }

  /** All persistence ids: keys of {@link #highest}. */
  public static KeyRange allHighest() {
    return KeyRange.beginningWith(new byte[] {HIGHEST});
  }

  /** The root of a snapshot. */
  public static byte[] snapshot(String persistenceId, long sequenceNumber) {
    return number(SNAPSHOT, persistenceId, sequenceNumber);
  }

  /** The roots of all snapshots. */
  public static KeyRange snapshots(String persistenceId) {
    return KeyRange.beginningWith(text(SNAPSHOT, persistenceId, 0).array());
  }

  /** A segment: the {@code number}th of those that the snapshot of this generation wrote. */
  public static byte[] segment(String persistenceId, long generation, int number) {
    ByteBuffer key = text(SEGMENT, persistenceId, Long.BYTES + Integer.BYTES);
    return key.putLong(generation).putInt(number).array();
  }

  /** The generation of the last snapshot begun, and how many segments it may have written. */
  public static byte[] generation(String persistenceId) {
    return text(GENERATION, persistenceId, 0).array();
  }

  /** Size and summary of a content; written when all of its bytes are. */
  public static byte[] content(ContentId content) {
    return content(CONTENT, content, 0).array();
  }

  /** A chunk of a content, from 0. */
  public static byte[] chunk(ContentId content, int number) {
    return content(CHUNK, content, Integer.BYTES).putInt(number).array();
  }

  /** All chunks of a content. */
  public static KeyRange chunks(ContentId content) {
    return KeyRange.beginningWith(content(CHUNK, content, 0).array());
  }

  /** Says that an entity refers to a content, for its {@code number}th message; empty value. */
  public static byte[] reference(ContentId content, String persistenceId, long number) {
    byte[] owner = utf8(persistenceId);
    return content(REFERENCE, content, owner.length + 1 + Long.BYTES)
        .put(owner)
        .put((byte) 0)
        .putLong(number)
        .array();
  }

  /** What the references to a content begin with. */
  public static byte[] references(ContentId content) {
    return content(REFERENCE, content, 0).array();
  }

  /** Says that from {@code due} on a content may be swept if nothing refers to it. */
  public static byte[] sweep(Instant due, ContentId content) {
    return ByteBuffer.allocate(1 + Long.BYTES + CONTENT_ID_BYTES)
        .put(SWEEP)
        .putLong(due.toEpochMilli())
        .putLong(content.high())
        .putLong(content.low())
        .array();
  }

  /** When a content is due at the latest: a sweep key of an earlier time says nothing any more. */
  public static byte[] newestSweep(ContentId content) {
    return content(NEWEST_SWEEP, content, 0).array();
  }

  /** All sweep keys due before {@code now}. */
  public static KeyRange sweepsDueBefore(Instant now) {
    return new KeyRange(
        new byte[] {SWEEP},
        ByteBuffer.allocate(1 + Long.BYTES).put(SWEEP).putLong(now.toEpochMilli()).array());
  }

  /** The content of a sweep key. */
  public static ContentId sweptContent(byte[] sweepKey) {
    ByteBuffer key = ByteBuffer.wrap(sweepKey);
    return new ContentId(key.getLong(1 + Long.BYTES), key.getLong(1 + 2 * Long.BYTES));
  }

  private static byte[] number(byte kind, String text, long number) {
    return text(kind, text, Long.BYTES).putLong(number).array();
  }

  private static ByteBuffer text(byte kind, String text, int more) {
    byte[] bytes = utf8(text);
    return ByteBuffer.allocate(1 + bytes.length + 1 + more).put(kind).put(bytes).put((byte) 0);
  }

  private static ByteBuffer content(byte kind, ContentId content, int more) {
    return ByteBuffer.allocate(1 + CONTENT_ID_BYTES + more)
        .put(kind)
        .putLong(content.high())
        .putLong(content.low());
  }

  private static byte[] utf8(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a key's text may not contain a zero character: " + text);
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
