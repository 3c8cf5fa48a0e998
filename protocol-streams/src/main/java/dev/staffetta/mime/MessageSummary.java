package dev.staffetta.mime;

/**
 * What is learnt of a message once, when it is received, and kept beside its bytes.
 *
 * @param size of the message, in bytes
 * @param envelope of its header
 * @param body the message as the outermost part: its header is the message's
 */
public record MessageSummary(long size, MessageEnvelope envelope, BodyPart body) {
  /** Size of the header in bytes, with the empty line that ends it. */
  public long headerSize() {
    return body.headerSize();
  }

  /** Its stored form; every later version reads it. */
  public byte[] toBytes() {
    return SummaryFormat.write(this);
  }

  /**
   * Reads what {@link #toBytes} wrote, now or in any version before.
   *
   * @throws IllegalArgumentException if it is nothing that {@link #toBytes} ever wrote
   */
  public static MessageSummary fromBytes(byte[] stored) {
    return SummaryFormat.read(stored);
  }
}
