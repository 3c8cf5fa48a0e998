package dev.staffetta.mime.generated;

import java.util.ArrayList;
import java.util.List;

/** Where a generated part lies, and what it is. Filled in by {@link MessageShape} only. */
public final class ExpectedPart {
  private final String type;
  private final int headerOffset;
  private int bodyOffset;
  private int bodyEnd;
  private boolean isClosed;
  private final List<ExpectedPart> parts = new ArrayList<>();
  private ExpectedPart message;

  ExpectedPart(String type, int headerOffset) {
    this.type = type;
    this.headerOffset = headerOffset;
  }

  /** {@code text/plain}, lower-case. */
  public String type() {
    return type;
  }

  public int headerOffset() {
    return headerOffset;
  }

  public int bodyOffset() {
    return bodyOffset;
  }

  /** The offset after the body's last byte. */
  public int bodyEnd() {
    return bodyEnd;
  }

  /** The parts of a multipart. */
  public List<ExpectedPart> parts() {
    return List.copyOf(parts);
  }

  /** The message in a message/rfc822, one or none. */
  public List<ExpectedPart> message() {
    return message == null ? List.of() : List.of(message);
  }

  void bodyStarts(int offset) {
    bodyOffset = offset;
  }

  void add(ExpectedPart part) {
    parts.add(part);
  }

  void contain(ExpectedPart inner) {
    message = inner;
  }

  void close() {
    isClosed = true;
  }

  /** It ends here, with all in it that has no delimiter of its own after it. */
  void end(int offset) {
    bodyEnd = offset;
    if (message != null) {
      message.end(offset);
    } else if (!isClosed && !parts.isEmpty()) {
      parts.get(parts.size() - 1).end(offset);
    }
  }
}
