package dev.staffetta.pop3;

import org.apache.pekko.util.ByteString;

/**
 * Makes the bytes of a message the lines of a multi-line response, chunk by chunk (RFC 1939 3): a
 * line that begins with a dot gets one more, and after the last line comes the dot alone.
 *
 * <p>Nothing else is changed, so a message whose lines end in CRLF arrives byte for byte, and its
 * size is the number of octets sent. Others can only have come by APPEND:
 *
 * <ul>
 *   <li>One that does not end in CRLF gets it, since the response must.
 *   <li>A dot after a lone LF is doubled too. To the letter of the RFC it begins no line, but many
 *       clients end a line at LF, and such a client must not take the message's text for the end of
 *       the response.
 * </ul>
 */
final class DotStuffing {
  private static final ByteString END = ByteString.fromString(".\r\n");
  private static final ByteString CRLF_END = ByteString.fromString("\r\n.\r\n");

  /** The last two bytes of the message so far; at its start as after a line. */
  private byte beforeLast = '\r';

  private byte last = '\n';

  /** The next bytes of the message as they are sent. */
  ByteString stuff(ByteString chunk) {
    if (chunk.isEmpty()) {
      return chunk;
    }
    byte[] bytes = chunk.toArrayUnsafe();
    int dots = dotsAtLineStart(bytes);
    ByteString sent = dots == 0 ? chunk : ByteString.fromArrayUnsafe(stuffed(bytes, dots));
    beforeLast = bytes.length > 1 ? bytes[bytes.length - 2] : last;
    last = bytes[bytes.length - 1];
    return sent;
  }

  private int dotsAtLineStart(byte[] bytes) {
    int dots = 0;
    byte before = last;
    for (byte b : bytes) {
      if (b == '.' && before == '\n') {
        dots++;
      }
      before = b;
    }
    return dots;
  }

  private byte[] stuffed(byte[] bytes, int dots) {
    byte[] sent = new byte[bytes.length + dots];
    int at = 0;
    byte before = last;
    for (byte b : bytes) {
      if (b == '.' && before == '\n') {
        sent[at++] = '.';
      }
      sent[at++] = b;
      before = b;
    }
    return sent;
  }

  /** What comes after the message's last byte. */
  ByteString end() {
    return beforeLast == '\r' && last == '\n' ? END : CRLF_END;
  }
}
