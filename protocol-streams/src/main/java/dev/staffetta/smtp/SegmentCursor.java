package dev.staffetta.smtp;

import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.pekko.util.ByteString;

/**
 * The octets that came and are not cut yet: one segment of the stream as an array to scan, more
 * waiting behind it. Changed only by the framer and its cutters, on the connection's stage.
 */
final class SegmentCursor {
  private final Queue<ByteString> waiting = new ArrayDeque<>();

  /** The segment at hand; its octets from {@link #position} to {@link #end} are not cut yet. */
  byte[] octets = new byte[0];

  int position;
  int end;

  void offer(ByteString segment) {
    if (segment.nonEmpty()) {
      waiting.add(segment);
    }
  }

  /** Whether there is an octet at {@link #position}; takes up the next segment if need be. */
  boolean advance() {
    if (position < end) {
      return true;
    }
    ByteString next = waiting.poll();
    if (next == null) {
      octets = new byte[0];
      position = 0;
      end = 0;
      return false;
    }
    // Not written to, here or by anyone, so that slices of it may be handed on without copying.
    octets = next.toArrayUnsafe();
    position = 0;
    end = octets.length;
    return true;
  }

  /** The octets from {@link #position} up to {@code to}, not copied; moves there. */
  ByteString take(int to) {
    ByteString taken = ByteString.fromArrayUnsafe(octets, position, to - position);
    position = to;
    return taken;
  }

  void clear() {
    waiting.clear();
    octets = new byte[0];
    position = 0;
    end = 0;
  }
}
