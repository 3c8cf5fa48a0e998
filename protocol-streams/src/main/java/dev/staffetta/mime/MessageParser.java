package dev.staffetta.mime;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;

/**
 * Learns a message's envelope and structure while its bytes go by (RFC 5322 2, RFC 2045, 2046).
 *
 * <p>Takes chunks of any size and remembers little: a line's first {@link #LONGEST_PREFIX} bytes,
 * the values of known header fields, one record a part, all within {@link MimeLimits}. Any bytes
 * are a message; the time is linear in their number. A line ends with CRLF or a bare LF; a bare CR
 * is text.
 *
 * <p>Used by one thread at a time, for one message.
 */
public final class MessageParser {
  /** Two hyphens, a boundary, two hyphens: no more of a line tells what it is. */
  private static final int LONGEST_PREFIX = 2 + OpenPart.LONGEST_BOUNDARY + 2;

  /** What a line turned out to be, to be carried out when it ends. */
  private enum Line {
    TEXT,
    END_OF_HEADER,
    DELIMITER
  }

  private final MimeLimits limits;
  private final HeaderFields.Budget budget;

  /** From the message itself down to the part that the current line belongs to. */
  private final List<OpenPart> open = new ArrayList<>();

  private int partCount;

  /** How many open parts wait for their boundary. */
  private int boundaries;

  private boolean isOpaque;
  private MessageEnvelope envelope;
  private BodyPart root;

  /** Of the first byte not yet taken. */
  private long offset;

  private long newlines;
  private byte lastByte;

  /** Where the current line began. */
  private long lineStart;

  /** Of the line before: its line end's size, 0 to 2, and whether it had any text. */
  private int previousLineEnd;

  private boolean previousLineHasText;

  /** The beginning of the current line, while it is not known what it is. */
  private final byte[] prefix = new byte[LONGEST_PREFIX];

  private int prefixSize;
  private boolean isPrefixDone;
  private Line line = Line.TEXT;

  /** A parser for one message. */
  public MessageParser() {
    this(MimeLimits.DEFAULT);
  }

  MessageParser(MimeLimits limits) {
    this.limits = limits;
    this.budget = new HeaderFields.Budget(limits.headerBytes());
    push(0, ContentType.DEFAULT, true);
  }

  /** The summary of a message that is whole in memory. */
  public static MessageSummary parse(ByteString message) {
    MessageParser parser = new MessageParser();
    parser.offer(message);
    return parser.finish();
  }

  /** Takes the next chunk of the message. */
  public void offer(ByteString chunk) {
    byte[] bytes = chunk.toArrayUnsafe();
    offer(bytes, 0, bytes.length);
  }

  /** Takes the bytes from {@code from} up to {@code to} as the next chunk. */
  public void offer(byte[] bytes, int from, int to) {
    if (from == to) {
      return;
    }
    int at = from;
    while (at < to) {
      if (nothingMoreToFind()) {
        newlines += countNewlines(bytes, at, to);
        at = to;
      } else if (isPrefixDone) {
        at = takeRestOfLine(bytes, at, to, from);
      } else if (prefixSize == 0 && bytes[at] != '-' && open.get(open.size() - 1).headerEnded()) {
        isPrefixDone = true;
      } else {
        at = takePrefix(bytes, at, to, from);
      }
    }
    offset += to - from;
    lastByte = bytes[to - 1];
  }

  /** The message has ended. To be called once; nothing may be offered afterwards. */
  public MessageSummary finish() {
    if (!nothingMoreToFind() && !isPrefixDone && prefixSize > 0) {
      takeLine(prefixSize);
    }
    boolean endsWithinLine = offset > 0 && lastByte != '\n';
    endParts(0, offset, newlines, endsWithinLine);
    return new MessageSummary(offset, envelope, root);
  }

  /** Whether only the number of lines is still of interest. */
  private boolean nothingMoreToFind() {
    if (isOpaque) {
      return true;
    }
    // Within a line of header or prefix there is always something; else only boundaries matter.
    if (!open.get(open.size() - 1).headerEnded() || line != Line.TEXT) {
      return false;
    }
    return boundaries == 0;
  }

  private static int countNewlines(byte[] bytes, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += bytes[i] == '\n' ? 1 : 0;
    }
    return count;
  }

  /** Takes bytes of a line's beginning, until the line ends or nothing more can be learnt of it. */
  private int takePrefix(byte[] bytes, int from, int to, int chunkStart) {
    int at = from;
    while (at < to) {
      byte b = bytes[at++];
      if (b == '\n') {
        boolean crlf = prefixSize > 0 && prefix[prefixSize - 1] == '\r';
        takeLine(crlf ? prefixSize - 1 : prefixSize);
        endLine(bytes, at - 1, chunkStart);
        return at;
      }
      prefix[prefixSize++] = b;
      if (prefixSize == LONGEST_PREFIX) {
        takeLine(prefixSize);
        isPrefixDone = true;
        return at;
      }
    }
    return at;
  }

  /**
   * Takes bytes of a line whose beginning is known, and of all lines after it that begin with no
   * hyphen, if only boundaries matter.
   */
  private int takeRestOfLine(byte[] bytes, int from, int to, int chunkStart) {
    int at = from;
    OpenPart part = open.get(open.size() - 1);
    boolean isBody = part.headerEnded() && line == Line.TEXT;
    while (true) {
      int newline = at;
      while (newline < to && bytes[newline] != '\n') {
        newline++;
      }
      boolean collects = !part.headerEnded() && line == Line.TEXT && part.fields().isCollecting();
      if (collects) {
        part.fields().more(bytes, at, newline);
      }
      if (newline == to) {
        return to;
      }
      if (collects && previousByte(bytes, newline, chunkStart) == '\r') {
        part.fields().dropCarriageReturn();
      }
      endLine(bytes, newline, chunkStart);
      at = newline + 1;
      if (!isBody || at == to || bytes[at] == '-') {
        return at;
      }
      isPrefixDone = true;
    }
  }

  private byte previousByte(byte[] bytes, int at, int chunkStart) {
    return at > chunkStart ? bytes[at - 1] : lastByte;
  }

  /** Finds out what the line is, of which the first {@code size} bytes are in the prefix. */
  private void takeLine(int size) {
    OpenPart part = open.get(open.size() - 1);
    if (size >= 2 && prefix[0] == '-' && prefix[1] == '-' && takeDelimiter(size)) {
      line = Line.DELIMITER;
    } else if (!part.headerEnded()) {
      if (size == 0) {
        line = Line.END_OF_HEADER;
      } else {
        part.fields().startLine(prefix, size);
      }
    }
  }

  /**
   * Whether the line is a delimiter of an open multipart, whose parts end then.
   *
   * <p>A boundary need only be the beginning of the line's text (RFC 2046 5.1.1). Where those of
   * nested multiparts begin alike, one that is all of the text is meant, else the longest, and of
   * equal ones the innermost.
   */
  private boolean takeDelimiter(int size) {
    int found = -1;
    boolean isAllOfTheLine = false;
    for (int i = open.size() - 1; i >= 0; i--) {
      byte[] boundary = open.get(i).boundary();
      if (boundary.length == 0 || !startsWith(boundary, size)) {
        continue;
      }
      boolean isAll = isDelimiterOnly(2 + boundary.length, size);
      boolean isLonger = found < 0 || boundary.length > open.get(found).boundary().length;
      if (isAll == isAllOfTheLine ? isLonger : isAll) {
        found = i;
        isAllOfTheLine = isAll;
      }
    }
    if (found < 0) {
      return false;
    }
    int after = 2 + open.get(found).boundary().length;
    // The line end before the delimiter belongs to it, and not to the part.
    int lineEnd = previousLineEnd;
    endParts(found + 1, lineStart - lineEnd, newlines - (lineEnd > 0 ? 1 : 0), previousLineHasText);
    if (hasHyphens(after, size)) {
      open.get(found).closeMultipart();
      boundaries--;
    }
    return true;
  }

  /** Whether nothing follows a boundary but the hyphens of a close delimiter and white space. */
  private boolean isDelimiterOnly(int after, int size) {
    for (int i = hasHyphens(after, size) ? after + 2 : after; i < size; i++) {
      if (prefix[i] != ' ' && prefix[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  private boolean hasHyphens(int at, int size) {
    return at + 2 <= size && prefix[at] == '-' && prefix[at + 1] == '-';
  }

  private boolean startsWith(byte[] boundary, int size) {
    if (boundary.length + 2 > size) {
      return false;
    }
    for (int i = 0; i < boundary.length; i++) {
      if (prefix[2 + i] != boundary[i]) {
        return false;
      }
    }
    return true;
  }

  /** The line's newline is at this index of the chunk. */
  private void endLine(byte[] bytes, int newline, int chunkStart) {
    long after = offset + (newline - chunkStart) + 1;
    previousLineEnd = previousByte(bytes, newline, chunkStart) == '\r' ? 2 : 1;
    previousLineHasText = after - lineStart > previousLineEnd;
    newlines++;
    lineStart = after;
    prefixSize = 0;
    isPrefixDone = false;
    Line ended = line;
    line = Line.TEXT;
    OpenPart part = open.get(open.size() - 1);
    if (ended == Line.END_OF_HEADER) {
      endHeader(part);
    } else if (ended == Line.DELIMITER && part.boundary().length > 0) {
      push(after, part.defaultTypeOfParts(), false);
    }
  }

  private void endHeader(OpenPart part) {
    part.endHeader(lineStart, newlines, open.size() < limits.depth());
    if (part.kind() == OpenPart.Kind.MESSAGE) {
      push(lineStart, ContentType.DEFAULT, true);
    } else if (part.kind() == OpenPart.Kind.MULTIPART) {
      boundaries++;
    }
  }

  /** Opens a part, whose header begins here. */
  private void push(long start, ContentType defaultType, boolean isMessage) {
    OpenPart part =
        new OpenPart(limits, start, defaultType, new HeaderFields(limits, budget, isMessage));
    open.add(part);
    partCount++;
    if (partCount == limits.parts()) {
      // All the rest of the message is this part.
      part.makeOpaque(newlines);
      isOpaque = true;
    }
  }

  /** Ends all open parts but the outermost {@code remaining}. */
  private void endParts(int remaining, long lastEnd, long newlinesBefore, boolean endsWithinLine) {
    if (remaining == open.size()) {
      return;
    }
    // The outermost one keeps its whole header, so what it contains begins behind that.
    long end = Math.max(lastEnd, open.get(remaining).bodyOffset());
    for (int i = open.size() - 1; i >= remaining; i--) {
      OpenPart part = open.remove(i);
      if (!part.headerEnded()) {
        // A delimiter ends a header too, just before its own line.
        part.endHeader(Math.max(end, lineStart), newlines, i < limits.depth());
      } else if (part.boundary().length > 0) {
        boundaries--;
      }
      BodyPart ended = part.end(end, newlinesBefore, endsWithinLine, i > remaining);
      if (i == 0) {
        envelope = part.fields().envelope();
        root = ended;
      } else if (open.get(i - 1).kind() == OpenPart.Kind.MESSAGE) {
        open.get(i - 1).contain(part.fields().envelope(), ended);
      } else {
        open.get(i - 1).add(ended);
      }
    }
  }
}
