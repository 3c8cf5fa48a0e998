package dev.staffetta.wire;

import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** Lines up to CRLF; after a mode so many bytes as chunks, and then lines again. */
public final class LineFramer implements Framer<LineFramer.Frame> {
  static final int MAX_LINE_IN_BYTES = 1000;

  /** A line, the news that one was too long, or counted bytes. */
  public sealed interface Frame {
    record Line(String text) implements Frame {}

    record TooLong() implements Frame {}

    record Chunk(ByteString bytes, boolean isLast) implements Frame {}
  }

  record Counted(int bytes) implements Mode {}

  private ByteString buffer = ByteString.emptyByteString();
  private int counted;
  private boolean isSkipping;

  @Override
  public void offer(ByteString bytes) {
    buffer = buffer.concat(bytes);
  }

  @Override
  public Optional<Frame> poll() {
    if (counted > 0) {
      int size = Math.min(counted, buffer.size());
      if (size == 0) {
        return Optional.empty();
      }
      counted -= size;
      ByteString chunk = buffer.take(size);
      buffer = buffer.drop(size);
      return Optional.of(new Frame.Chunk(chunk, counted == 0));
    }
    int end = buffer.indexOf((byte) '\n');
    // The CR of a longest line may be here already.
    if (end < 0 && buffer.size() <= MAX_LINE_IN_BYTES + 1) {
      return Optional.empty();
    }
    if (end < 0) {
      buffer = ByteString.emptyByteString();
      isSkipping = true;
      return Optional.empty();
    }
    String line = buffer.take(end).utf8String().stripTrailing();
    buffer = buffer.drop(end + 1);
    boolean wasSkipping = isSkipping || line.length() > MAX_LINE_IN_BYTES;
    isSkipping = false;
    return Optional.of(wasSkipping ? new Frame.TooLong() : new Frame.Line(line));
  }

  @Override
  public void mode(Mode mode) {
    counted = ((Counted) mode).bytes();
  }

  @Override
  public void reset() {
    buffer = ByteString.emptyByteString();
  }
}
