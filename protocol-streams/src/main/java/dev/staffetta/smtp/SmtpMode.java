package dev.staffetta.smtp;

import dev.staffetta.wire.Framer;

/**
 * How the framer cuts the next octets. After the {@link SmtpFrame.End} of a message's octets it is
 * back at lines by itself, so that pipelined commands cannot be taken for mail or the other way
 * round.
 */
sealed interface SmtpMode extends Framer.Mode {

  /** A message with dots before lines that start with one, up to CRLF.CRLF (RFC 5321 4.1.1.4). */
  record Data() implements SmtpMode {}

  /**
   * A counted part of a message (RFC 3030 2).
   *
   * @param octets at least 1
   * @param afterCr whether the part before it ended in CR
   */
  record Counted(long octets, boolean afterCr) implements SmtpMode {}

  /** A counted part of a message that is refused already: only skipped. */
  record Skipped(long octets) implements SmtpMode {}
}
