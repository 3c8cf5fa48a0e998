package dev.staffetta.smtp;

import org.apache.pekko.util.ByteString;

/** What the framer cuts the client's bytes into; each is an input of the session as it is. */
sealed interface SmtpFrame extends SmtpInput {

  /**
   * A command line, or a client's response in an authentication exchange.
   *
   * @param text without its CRLF; holds neither CR nor LF
   */
  record Line(ByteString text) implements SmtpFrame {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.line(text, turn);
    }
  }

  /** A line that cannot be taken, told as soon as that is clear; its rest is skipped. */
  record BadLine(Fault fault) implements SmtpFrame {
    /** What is wrong with it. */
    enum Fault {
      /** Longer than any line may be. */
      TOO_LONG,
      /** Holds a CR or LF that is not part of a CRLF (RFC 5321 2.3.8). */
      BARE_CR_OR_LF
    }

    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.badLine(fault, turn);
    }
  }

  /**
   * A stretch of a message.
   *
   * @param octets at most {@link SmtpFramer#MAX_CHUNK}, never none; without the dots that were put
   *     in (RFC 5321 4.5.2)
   */
  record Chunk(ByteString octets) implements SmtpFrame {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.chunk(octets, turn);
    }
  }

  /** A stretch of a message that will not be taken went by and was not kept. */
  record Dropped() implements SmtpFrame {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.dropped(turn);
    }
  }

  /**
   * The end of DATA or of one BDAT's octets; lines follow.
   *
   * @param clean whether every CR and LF so far was part of a CRLF
   */
  record End(boolean clean) implements SmtpFrame {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.end(clean, turn);
    }
  }
}
