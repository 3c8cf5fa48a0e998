package dev.staffetta.pop3;

import dev.staffetta.wire.Framer;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Cuts the client's bytes into lines.
 *
 * <p>A line ends with CRLF (RFC 1939 3); a lone LF ends one too, since a person at a terminal sends
 * it and no POP3 command carries text in which it could mean something else. A lone CR is part of
 * its line, where the grammar refuses it.
 */
final class Pop3Framer implements Framer<Pop3Frame> {
  private final int maxLineLength;
  private ByteString buffer = ByteString.emptyByteString();

  /** No LF stands before this place of the buffer. */
  private int scanned;

  /** Whether the bytes up to the next LF are the rest of a line that was too long. */
  private boolean isDropping;

  /**
   * @param maxLineLength in bytes, with what ends the line
   */
  Pop3Framer(int maxLineLength) {
    this.maxLineLength = maxLineLength;
  }

  @Override
  public void offer(ByteString bytes) {
    buffer = buffer.concat(bytes);
  }

  @Override
  public Optional<Pop3Frame> poll() {
    int lineFeed = buffer.indexOf((byte) '\n', scanned);
    if (isDropping) {
      if (lineFeed < 0) {
        take(buffer.size());
        return Optional.empty();
      }
      take(lineFeed + 1);
      isDropping = false;
      lineFeed = buffer.indexOf((byte) '\n');
    }
    if (lineFeed < 0 ? buffer.size() >= maxLineLength : lineFeed >= maxLineLength) {
      take(lineFeed < 0 ? buffer.size() : lineFeed + 1);
      isDropping = lineFeed < 0;
      return Optional.of(new Pop3Frame.TooLong());
    }
    if (lineFeed < 0) {
      // What waits for its end must not keep the whole segment it came with.
      buffer = buffer.compact();
      scanned = buffer.size();
      return Optional.empty();
    }
    boolean endsWithCr = lineFeed > 0 && buffer.apply(lineFeed - 1) == '\r';
    ByteString line = buffer.take(endsWithCr ? lineFeed - 1 : lineFeed).compact();
    take(lineFeed + 1);
    return Optional.of(new Pop3Frame.Line(line));
  }

  private void take(int bytes) {
    buffer = buffer.drop(bytes);
    scanned = 0;
  }

  /** POP3 knows one way of cutting. */
  @Override
  public void mode(Mode mode) {}

  @Override
  public void reset() {
    buffer = ByteString.emptyByteString();
    scanned = 0;
    isDropping = false;
  }
}
