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

  /**
   * Of the same message with so many bytes of header more at its start, or, below 0, fewer: fields
   * that tell nothing of its envelope and structure.
   */
  public MessageSummary shifted(int bytes) {
    return bytes == 0
        ? this
        : new MessageSummary(size + bytes, envelope, body.withLongerHeader(bytes));
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
