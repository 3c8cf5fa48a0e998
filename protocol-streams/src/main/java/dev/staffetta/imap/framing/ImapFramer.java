package dev.staffetta.imap.framing;

import dev.staffetta.wire.Framer;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Cuts what an IMAP client sends into {@link ImapFrame}s.
 *
 * <p>A line ends with CRLF; a lone LF is taken for one too, as people type it. Of a line over the
 * limit only the start and the end are kept, so the buffer holds at most a line or a chunk, and the
 * last segment.
 *
 * <p>Mutable; changed by its callers, one thread at a time.
 */
public final class ImapFramer implements Framer<ImapFrame> {
  /** The most bytes in a {@link ImapFrame.Chunk}. */
  public static final int CHUNK = 64 * 1024;

  /** How much of the start of an overlong line is kept. */
  private static final int KEPT_START = 256;

  /** How much of the end of a line can be the announcement of a literal, line end included. */
  private static final int KEPT_END = 64;

  private enum Cutting {
    LINES,
    /** A literal was announced; the session has yet to say what becomes of it. */
    WAITING,
    LITERAL,
    SKIP
  }

  private Cutting cutting = Cutting.LINES;
  private int maxLine;

  /** Bytes of the literal or of what is skipped that are still to come. */
  private long remaining;

  /** buffer[start..end) is not yet cut; buffer[start..scanned) has no LF. */
  private byte[] buffer = new byte[512];

  private int start;
  private int end;
  private int scanned;

  /** The start of the overlong line that is being dropped; empty: none is. */
  private ByteString overlong = ByteString.emptyByteString();

  /**
   * @param maxLineInBytes the longest line until a mode says otherwise
   */
  public ImapFramer(int maxLineInBytes) {
    maxLine = maxLineInBytes;
  }

  @Override
  public void offer(ByteString bytes) {
    int size = bytes.size();
    if (buffer.length - end < size) {
      makeRoom(size);
    }
    bytes.copyToArray(buffer, end, size);
    end += size;
  }

  @Override
  public Optional<ImapFrame> poll() {
    if (cutting == Cutting.SKIP) {
      skip();
    }
    return switch (cutting) {
      case WAITING, SKIP -> Optional.empty();
      case LITERAL -> chunk();
      case LINES -> line();
    };
  }

  @Override
  public void mode(Mode mode) {
    if (mode instanceof ImapMode.Lines lines) {
      maxLine = lines.maxLineInBytes();
      cutting = Cutting.LINES;
    } else if (mode instanceof ImapMode.Literal literal) {
      remaining = literal.sizeInBytes();
      cutting = remaining == 0 ? Cutting.LINES : Cutting.LITERAL;
    } else if (mode instanceof ImapMode.Skip skip) {
      remaining = skip.sizeInBytes();
      cutting = remaining == 0 ? Cutting.LINES : Cutting.SKIP;
    } else {
      throw new IllegalArgumentException("not a mode of IMAP: " + mode);
    }
  }

  @Override
  public void reset() {
    start = 0;
    end = 0;
    scanned = 0;
    overlong = ByteString.emptyByteString();
    cutting = Cutting.LINES;
  }

  private void skip() {
    long dropped = Math.min(remaining, end - start);
    consume((int) dropped);
    remaining -= dropped;
    if (remaining == 0) {
      cutting = Cutting.LINES;
    }
  }

  private Optional<ImapFrame> chunk() {
    int size = (int) Math.min(remaining, CHUNK);
    if (end - start < size) {
      return Optional.empty();
    }
    ByteString bytes = take(size);
    remaining -= size;
    if (remaining == 0) {
      cutting = Cutting.LINES;
    }
    return Optional.of(new ImapFrame.Chunk(bytes));
  }

  private Optional<ImapFrame> line() {
    while (scanned < end && buffer[scanned] != '\n') {
      scanned++;
    }
    boolean whole = scanned < end;
    int length = scanned - start - (endsWithCr(scanned) ? 1 : 0);
    if (overlong.isEmpty() && length > maxLine) {
      overlong = ByteString.fromArray(buffer, start, Math.min(KEPT_START, maxLine));
    }
    if (!whole) {
      if (overlong.nonEmpty() && end - start > KEPT_END) {
        consume(end - start - KEPT_END);
      }
      return Optional.empty();
    }
    Optional<ImapFrame.Literal> literal = announcedBefore(start + length);
    ByteString text = ByteString.fromArray(buffer, start, length);
    consume(scanned + 1 - start);
    if (literal.isPresent()) {
      cutting = Cutting.WAITING;
    }
    if (overlong.nonEmpty()) {
      ByteString lineStart = overlong;
      overlong = ByteString.emptyByteString();
      return Optional.of(new ImapFrame.Overlong(lineStart, literal));
    }
    return Optional.of(
        literal
            .<ImapFrame>map(l -> new ImapFrame.LiteralAhead(text, l))
            .orElseGet(() -> new ImapFrame.Line(text)));
  }

  private boolean endsWithCr(int lineEnd) {
    return lineEnd > start && buffer[lineEnd - 1] == '\r';
  }

  /** The literal that the line ending before {@code to} announces: {@code {digits}} or with +. */
  private Optional<ImapFrame.Literal> announcedBefore(int to) {
    int at = to - 1;
    if (at < start || buffer[at] != '}') {
      return Optional.empty();
    }
    at--;
    boolean synchronizing = true;
    if (at >= start && buffer[at] == '+') {
      synchronizing = false;
      at--;
    }
    int lastDigit = at;
    while (at >= start && buffer[at] >= '0' && buffer[at] <= '9') {
      at--;
    }
    if (at < start || buffer[at] != '{' || at == lastDigit) {
      return Optional.empty();
    }
    long size = 0;
    for (int i = at + 1; i <= lastDigit; i++) {
      int digit = buffer[i] - '0';
      size = size > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : size * 10 + digit;
    }
    return Optional.of(new ImapFrame.Literal(size, synchronizing));
  }

  private ByteString take(int size) {
    ByteString bytes = ByteString.fromArray(buffer, start, size);
    consume(size);
    return bytes;
  }

  private void consume(int size) {
    start += size;
    if (start == end) {
      start = 0;
      end = 0;
      if (cutting == Cutting.LINES && buffer.length > CHUNK / 8) {
        // An idle session keeps no large buffer.
        buffer = new byte[512];
      }
    }
    scanned = start;
  }

  private void makeRoom(int size) {
    int kept = end - start;
    byte[] target = buffer;
    if (buffer.length - kept < size) {
      target = new byte[Math.max(buffer.length * 2, kept + size)];
    }
    System.arraycopy(buffer, start, target, 0, kept);
    buffer = target;
    scanned -= start;
    start = 0;
    end = kept;
  }
}
