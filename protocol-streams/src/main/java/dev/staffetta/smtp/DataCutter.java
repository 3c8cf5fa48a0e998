package dev.staffetta.smtp;

import dev.staffetta.smtp.SmtpFrame.Chunk;
import dev.staffetta.smtp.SmtpFrame.Dropped;
import dev.staffetta.smtp.SmtpFrame.End;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Cuts the message of one DATA, up to the line that is a lone dot, and takes the first dot from
 * lines that start with one (RFC 5321 4.5.2).
 *
 * <p>A message in which a CR or LF stands alone is not handed on from there; its true end is still
 * found.
 */
final class DataCutter implements SmtpFramer.Cutter {
  /** Where in a line the next octet stands. */
  private enum Place {
    /** After a CRLF, or at the start: a dot here is not content. */
    LINE_START,
    INSIDE,
    /** After a CR, which is handed on already. */
    CR,
    /** After the dot of a line start, which is not handed on. */
    DOT,
    /** After such a dot and a CR, which is not handed on either: an LF makes it the end. */
    DOT_CR
  }

  private Place place = Place.LINE_START;
  private boolean clean = true;
  private boolean ended;

  @Override
  public Optional<SmtpFrame> cut(SegmentCursor input) {
    if (ended) {
      return Optional.of(new End(clean));
    }
    while (input.advance()) {
      int start = input.position;
      int limit = Math.min(input.end, start + SmtpFramer.MAX_CHUNK);
      ByteString octets = scan(input, limit);
      if (clean && octets.nonEmpty()) {
        return Optional.of(new Chunk(octets));
      }
      if (ended) {
        return Optional.of(new End(clean));
      }
      if (!clean && input.position > start) {
        return Optional.of(new Dropped());
      }
    }
    return Optional.empty();
  }

  /** Moves the input to {@code limit} or the message's end and returns the content up to there. */
  private ByteString scan(SegmentCursor input, int limit) {
    byte[] octets = input.octets;
    Content content = new Content(octets, input.position, limit);
    int i = input.position;
    while (i < limit && !ended) {
      int start = i;
      while (place == Place.INSIDE && i < limit && octets[i] != '\r' && octets[i] != '\n') {
        i++;
      }
      if (i == start && !step(octets[i++])) {
        continue;
      }
      content.add(start, i);
    }
    input.position = i;
    return content.bytes();
  }

  /** Goes on by one octet; says whether it is content. */
  private boolean step(byte octet) {
    if (place == Place.LINE_START && octet == '.') {
      place = Place.DOT;
      return false;
    }
    if (place == Place.DOT && octet == '\r') {
      place = Place.DOT_CR;
      return false;
    }
    if (place == Place.DOT_CR && octet == '\n') {
      ended = true;
      return false;
    }
    if (place == Place.CR && octet == '\n') {
      place = Place.LINE_START;
      return true;
    }
    if (place == Place.CR || place == Place.DOT_CR || octet == '\n') {
      clean = false;
    }
    place = octet == '\r' ? Place.CR : Place.INSIDE;
    return true;
  }

  /** What is content of a stretch: a slice of it while that is in one piece, then a copy. */
  private static final class Content {
    private final byte[] octets;
    private final int limit;
    private int from;
    private int to;
    private byte[] copy = new byte[0];
    private int copied;

    Content(byte[] octets, int start, int limit) {
      this.octets = octets;
      this.limit = limit;
      this.from = start;
      this.to = start;
    }

    void add(int start, int end) {
      if (copied == 0) {
        if (from == to) {
          from = start;
          to = end;
          return;
        }
        if (to == start) {
          to = end;
          return;
        }
        copy = new byte[limit - from];
        System.arraycopy(octets, from, copy, 0, to - from);
        copied = to - from;
      }
      System.arraycopy(octets, start, copy, copied, end - start);
      copied += end - start;
    }

    ByteString bytes() {
      return copied == 0
          ? ByteString.fromArrayUnsafe(octets, from, to - from)
          : ByteString.fromArrayUnsafe(copy, 0, copied);
    }
  }
}
