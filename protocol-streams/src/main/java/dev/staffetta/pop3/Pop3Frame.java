package dev.staffetta.pop3;

import org.apache.pekko.util.ByteString;

/** What the framer cuts the client's bytes into. */
sealed interface Pop3Frame extends Pop3Input {
  /**
   * One line, without the CRLF or LF that ended it.
   *
   * @param bytes a copy of its own: it keeps nothing else in memory
   */
  record Line(ByteString bytes) implements Pop3Frame {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.line(this);
    }

    /** Without the text, which may be a password: this may end in a log. */
    @Override
    public String toString() {
      return "Line[" + bytes.size() + " octets]";
    }
  }

  /** A line over the limit; its rest is dropped. */
  record TooLong() implements Pop3Frame {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.tooLong(this);
    }
  }
}
