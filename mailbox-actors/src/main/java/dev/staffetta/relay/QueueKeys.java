package dev.staffetta.relay;

import dev.staffetta.ports.ContentId;
import dev.staffetta.store.KeyRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The keys of a queue in its partition.
 *
 * <pre>
 * 40  item id (16)                                      an item that waits
 * 41  destination 0  milliseconds (8)  item id (16)     due then; value: accepted,
 *                                                       milliseconds (8), waiting recipients (4)
 * 42  milliseconds (8)  item id (16)                    was finished then
 * 43  Message-ID or content id 0  item id (16)          an item of that message
 * 44  item id (16)                                      an item that is finished
 * 45  destination 0  item id (16)                       an item that waits for it
 * 46                                                    every item that waits has a 45
 * </pre>
 */
@SuppressWarnings("ByteBufferBackingArray") // every buffer is exactly as long as its key
final class QueueKeys {
  /** When items that are held are due. */
  static final long HELD = Long.MAX_VALUE;

  private static final byte ITEM = 0x40;
  private static final byte DUE = 0x41;
  private static final byte FINISHED_AT = 0x42;
  private static final byte MESSAGE = 0x43;
  private static final byte FINISHED = 0x44;
  private static final byte OF_DESTINATION = 0x45;
  private static final byte LISTED = 0x46;
  private static final int ID_BYTES = 16;

  private QueueKeys() {}

  static byte[] item(ContentId id) {
    return id(ByteBuffer.allocate(1 + ID_BYTES).put(ITEM), id);
  }

  static KeyRange items() {
    return KeyRange.beginningWith(new byte[] {ITEM});
  }

  static byte[] finished(ContentId id) {
    return id(ByteBuffer.allocate(1 + ID_BYTES).put(FINISHED), id);
  }

  static byte[] due(String destination, long millis, ContentId id) {
    return id(text(DUE, destination, Long.BYTES + ID_BYTES).putLong(millis), id);
  }

  /** All of a destination that is due before. */
  static KeyRange dueBefore(String destination, long millis) {
    return new KeyRange(
        text(DUE, destination, 0).array(),
        text(DUE, destination, Long.BYTES).putLong(millis).array());
  }

  static KeyRange allDue(String destination) {
    return KeyRange.beginningWith(text(DUE, destination, 0).array());
  }

  static KeyRange allDue() {
    return KeyRange.beginningWith(new byte[] {DUE});
  }

  static String destinationOfDue(byte[] key) {
    return new String(key, 1, key.length - 1 - 1 - Long.BYTES - ID_BYTES, StandardCharsets.UTF_8);
  }

  static long millisOfDue(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES - ID_BYTES);
  }

  /** Of any key that ends with one. */
  static ContentId idAtEnd(byte[] key) {
    ByteBuffer buffer = ByteBuffer.wrap(key);
    return new ContentId(
        buffer.getLong(key.length - ID_BYTES), buffer.getLong(key.length - Long.BYTES));
  }

  static byte[] finishedAt(Instant at, ContentId id) {
    return id(
        ByteBuffer.allocate(1 + Long.BYTES + ID_BYTES).put(FINISHED_AT).putLong(at.toEpochMilli()),
        id);
  }

  static KeyRange finishedBefore(Instant time) {
    return new KeyRange(
        new byte[] {FINISHED_AT},
        ByteBuffer.allocate(1 + Long.BYTES).put(FINISHED_AT).putLong(time.toEpochMilli()).array());
  }

  static byte[] message(String name, ContentId id) {
    return id(text(MESSAGE, name, ID_BYTES), id);
  }

  static KeyRange ofMessage(String name) {
    return KeyRange.beginningWith(text(MESSAGE, name, 0).array());
  }

  static byte[] ofDestination(String destination, ContentId id) {
    return id(text(OF_DESTINATION, destination, ID_BYTES), id);
  }

  static KeyRange ofDestination(String destination) {
    return KeyRange.beginningWith(text(OF_DESTINATION, destination, 0).array());
  }

  static byte[] listedByDestination() {
    return new byte[] {LISTED};
  }

  private static ByteBuffer text(byte kind, String text, int more) {
    byte[] bytes = text.replace("\0", "").getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + bytes.length + 1 + more).put(kind).put(bytes).put((byte) 0);
  }

  private static byte[] id(ByteBuffer key, ContentId id) {
    return key.putLong(id.high()).putLong(id.low()).array();
  }
}
