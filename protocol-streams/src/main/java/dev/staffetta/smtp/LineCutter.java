package dev.staffetta.smtp;

import dev.staffetta.smtp.SmtpFrame.BadLine;
import dev.staffetta.smtp.SmtpFrame.BadLine.Fault;
import java.util.Arrays;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Cuts lines. Holds at most one, of limited length.
 *
 * <p>A line with a fault is told at once and not at its end, so that a client that ends its lines
 * with LF alone learns why nothing happens.
 */
final class LineCutter implements SmtpFramer.Cutter {
  private static final int FIRST_CAPACITY = 256;

  private final int maxLine;
  private byte[] line = new byte[FIRST_CAPACITY];
  private int length;

  /** The last octet was a CR, which is not in {@link #line}. */
  private boolean afterCr;

  /** The line at hand had a fault; nothing more of it matters but its end. */
  private boolean skipping;

  LineCutter(int maxLine) {
    this.maxLine = maxLine;
  }

  @Override
  public Optional<SmtpFrame> cut(SegmentCursor input) {
    while (input.advance()) {
      while (input.position < input.end) {
        byte octet = input.octets[input.position++];
        if (octet == '\n' && afterCr) {
          boolean whole = !skipping;
          ByteString text = whole ? ByteString.fromArray(line, 0, length) : null;
          clear();
          if (whole) {
            return Optional.of(new SmtpFrame.Line(text));
          }
          continue;
        }
        if (!skipping && (octet == '\n' || afterCr)) {
          return fault(Fault.BARE_CR_OR_LF, octet);
        }
        afterCr = octet == '\r';
        if (skipping || afterCr) {
          continue;
        }
        if (length == maxLine) {
          return fault(Fault.TOO_LONG, octet);
        }
        if (length == line.length) {
          line = Arrays.copyOf(line, Math.min(maxLine, 2 * length));
        }
        line[length++] = octet;
      }
    }
    return Optional.empty();
  }

  private Optional<SmtpFrame> fault(Fault fault, byte octet) {
    skipping = true;
    afterCr = octet == '\r';
    return Optional.of(new BadLine(fault));
  }

  void clear() {
    if (line.length > FIRST_CAPACITY) {
      line = new byte[FIRST_CAPACITY];
    }
    length = 0;
    afterCr = false;
    skipping = false;
  }
}
