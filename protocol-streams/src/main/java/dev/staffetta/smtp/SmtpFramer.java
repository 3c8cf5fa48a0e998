package dev.staffetta.smtp;

import dev.staffetta.wire.Framer;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Cuts SMTP's byte stream into command lines, the message of a DATA, and the counted octets of a
 * BDAT.
 *
 * <p>Only CRLF ends a line and only CRLF.CRLF ends DATA (RFC 5321 2.3.8, 4.1.1.4). Any other use of
 * CR or LF is a fault of the line or message it is in, and never an end: what another server took
 * for one message cannot be two here.
 */
final class SmtpFramer implements Framer<SmtpFrame> {
  /** The most octets of a message in one frame. */
  static final int MAX_CHUNK = 64 * 1024;

  /** Cuts frames of one kind. */
  interface Cutter {
    /** The next frame from what is there; empty: more is needed. */
    Optional<SmtpFrame> cut(SegmentCursor input);
  }

  private final SegmentCursor input = new SegmentCursor();
  private final LineCutter lines;
  private Cutter cutter;

  /**
   * @param maxLine the longest line, in octets, without its CRLF
   */
  SmtpFramer(int maxLine) {
    lines = new LineCutter(maxLine);
    cutter = lines;
  }

  @Override
  public void offer(ByteString bytes) {
    input.offer(bytes);
  }

  @Override
  public Optional<SmtpFrame> poll() {
    Optional<SmtpFrame> frame = cutter.cut(input);
    if (frame.isPresent() && frame.get() instanceof SmtpFrame.End) {
      cutter = lines;
    }
    return frame;
  }

  @Override
  public void mode(Mode mode) {
    if (mode instanceof SmtpMode.Data) {
      cutter = new DataCutter();
    } else if (mode instanceof SmtpMode.Counted counted) {
      cutter = new CountedCutter(counted.octets(), true, counted.afterCr());
    } else if (mode instanceof SmtpMode.Skipped skipped) {
      cutter = new CountedCutter(skipped.octets(), false, false);
    } else {
      throw new IllegalArgumentException("not a mode of SMTP: " + mode);
    }
  }

  @Override
  public void reset() {
    input.clear();
    lines.clear();
    cutter = lines;
  }
}
