package dev.staffetta.smtp;

import dev.staffetta.smtp.SmtpFrame.Chunk;
import dev.staffetta.smtp.SmtpFrame.Dropped;
import dev.staffetta.smtp.SmtpFrame.End;
import java.util.Optional;

/** Cuts the octets of one BDAT (RFC 3030 2), which are as many as it says and have no dots. */
final class CountedCutter implements SmtpFramer.Cutter {
  private final boolean kept;
  private long remaining;
  private boolean afterCr;
  private boolean clean = true;

  /**
   * @param kept whether the octets are handed on
   * @param afterCr whether the octet before the first was a CR
   */
  CountedCutter(long octets, boolean kept, boolean afterCr) {
    this.remaining = octets;
    this.kept = kept;
    this.afterCr = afterCr;
  }

  @Override
  public Optional<SmtpFrame> cut(SegmentCursor input) {
    if (remaining == 0) {
      return Optional.of(new End(clean));
    }
    if (!input.advance()) {
      return Optional.empty();
    }
    int length =
        (int) Math.min(Math.min(remaining, SmtpFramer.MAX_CHUNK), input.end - input.position);
    int to = input.position + length;
    remaining -= length;
    if (kept && clean) {
      check(input.octets, input.position, to);
    }
    if (kept && clean) {
      return Optional.of(new Chunk(input.take(to)));
    }
    input.position = to;
    return Optional.of(new Dropped());
  }

  /**
   * BINARYMIME is not offered, so this too is lines that end in CRLF, and what is stored can go out
   * by DATA again.
   */
  private void check(byte[] octets, int from, int to) {
    for (int i = from; i < to; i++) {
      byte octet = octets[i];
      if ((octet == '\n') != afterCr) {
        clean = false;
        return;
      }
      afterCr = octet == '\r';
    }
  }
}
