package dev.staffetta.pop3;

import org.apache.pekko.util.ByteString;

/**
 * Cuts a message off after its header, the blank line and some lines of its body (RFC 1939 7, TOP).
 * A line ends at LF, whether a CR precedes it or not.
 */
final class TopOfMessage {
  private final int bodyLines;
  private int bodyLinesSeen;
  private boolean isInBody;
  private boolean isDone;

  /** Whether the current line has nothing yet but perhaps a CR. */
  private boolean isLineBlank = true;

  TopOfMessage(int bodyLines) {
    this.bodyLines = bodyLines;
  }

  /** Whether nothing more of the message is wanted. */
  boolean isDone() {
    return isDone;
  }

  /** That part of the next bytes which is wanted. */
  ByteString take(ByteString chunk) {
    byte[] bytes = chunk.toArrayUnsafe();
    for (int i = 0; i < bytes.length && !isDone; i++) {
      if (bytes[i] == '\n') {
        endLine();
        if (isDone) {
          return chunk.take(i + 1);
        }
      } else if (bytes[i] != '\r') {
        isLineBlank = false;
      }
    }
    return isDone ? ByteString.emptyByteString() : chunk;
  }

  private void endLine() {
    if (isInBody) {
      bodyLinesSeen++;
    } else if (isLineBlank) {
      isInBody = true;
    }
    isLineBlank = true;
    isDone = isInBody && bodyLinesSeen >= bodyLines;
  }
}
