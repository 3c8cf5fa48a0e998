package dev.staffetta.mime;

import dev.staffetta.mime.BodyPart.EmbeddedMessage;
import dev.staffetta.mime.BodyPart.Parts;
import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of a message. All segments, one after the other, are the message.
 *
 * @param end the offset after its last byte
 * @param part whose header or body it is, or in whose body it lies
 * @param header index of the segment with that part's header
 * @param container index of the segment with the header of the part around; negative: there is none
 * @param depth 1: the message itself
 * @param isOfMessage whether the part is a message, so that its header is one
 * @param isSigned whether it is within a multipart/signed (RFC 1847 2.1), not one byte of which may
 *     change
 */
record MessageSegment(
    Kind kind,
    long end,
    BodyPart part,
    int header,
    int container,
    int depth,
    boolean isOfMessage,
    boolean isSigned) {
  enum Kind {
    /** A part's header, with the empty line that ends it. */
    HEADER,
    /** The body of a part that contains nothing. */
    BODY,
    /** Delimiters, preambles and epilogues of a multipart, and what is left at the end. */
    BETWEEN
  }

  /** Those of a message. */
  static List<MessageSegment> of(MessageSummary message) {
    List<MessageSegment> segments = new ArrayList<>();
    long end = append(segments, message.body(), 0, -1, 1, true, false);
    if (end < message.size()) {
      segments.add(
          new MessageSegment(Kind.BETWEEN, message.size(), message.body(), 0, -1, 1, true, false));
    }
    return List.copyOf(segments);
  }

  /** Appends those of a part; returns where it ends. Depth is within {@link MimeLimits}. */
  private static long append(
      List<MessageSegment> segments,
      BodyPart part,
      long from,
      int container,
      int depth,
      boolean isMessage,
      boolean isSigned) {
    int header = segments.size();
    long bodyStart = Math.max(from, part.bodyOffset());
    long end = Math.max(bodyStart, part.bodyOffset() + part.bodySize());
    segments.add(
        new MessageSegment(
            Kind.HEADER, bodyStart, part, header, container, depth, isMessage, isSigned));
    if (part.contained() instanceof Parts multipart) {
      boolean isSignedWithin = isSigned || part.type().is("multipart", "signed");
      long at = bodyStart;
      for (BodyPart inner : multipart.parts()) {
        long start = Math.max(at, inner.headerOffset());
        segments.add(
            new MessageSegment(
                Kind.BETWEEN, start, part, header, container, depth, isMessage, isSignedWithin));
        at = append(segments, inner, start, header, depth + 1, false, isSignedWithin);
      }
      end = Math.max(end, at);
      segments.add(
          new MessageSegment(
              Kind.BETWEEN, end, part, header, container, depth, isMessage, isSigned));
      return end;
    }
    if (part.contained() instanceof EmbeddedMessage message) {
      return Math.max(
          end, append(segments, message.body(), bodyStart, header, depth + 1, true, isSigned));
    }
    segments.add(
        new MessageSegment(Kind.BODY, end, part, header, container, depth, isMessage, isSigned));
    return end;
  }
}
