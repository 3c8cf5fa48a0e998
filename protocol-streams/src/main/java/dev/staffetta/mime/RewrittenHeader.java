package dev.staffetta.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The header of a part that is sent in another encoding, field by field as its bytes go by. Of a
 * line only as much is kept as a field's name takes.
 */
final class RewrittenHeader {
  /** Longer names are none of those that are of interest. */
  private static final int LONGEST_NAME = 64;

  private final boolean isOfMessage;
  private final Optional<String> encoding;
  private final boolean dropsEncoding;

  /** The beginning of the current line, until it is known what it is. */
  private final ByteArrayOutputStream start = new ByteArrayOutputStream();

  private boolean isKnown;
  private boolean isDropped;
  private boolean isEnded;
  private boolean hasVersion;
  private boolean hasType;

  /**
   * @param isOfMessage whether it has to say that it is MIME (RFC 2045 4)
   * @param encoding to be named; empty: a part is meant that contains others
   * @param dropsEncoding whether the one that it names is not true any more
   */
  RewrittenHeader(boolean isOfMessage, Optional<String> encoding, boolean dropsEncoding) {
    this.isOfMessage = isOfMessage;
    this.encoding = encoding;
    this.dropsEncoding = dropsEncoding;
  }

  void take(byte[] bytes, int from, int to, ByteArrayOutputStream out) {
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (!isKnown) {
        start.write(b);
        if (b == '\n' || b == ':' || start.size() == LONGEST_NAME || isFolded()) {
          begin(out);
        }
      } else if (!isDropped) {
        out.write(b);
      }
      if (b == '\n') {
        isKnown = false;
      }
    }
  }

  private boolean isFolded() {
    byte first = start.toByteArray()[0];
    return first == ' ' || first == '\t';
  }

  /** It is known what the line is. */
  private void begin(ByteArrayOutputStream out) {
    String text = start.toString(StandardCharsets.ISO_8859_1);
    boolean isFolded = isFolded();
    start.reset();
    isKnown = true;
    if (!isFolded) {
      isDropped = false;
      if (text.equals("\r\n") || text.equals("\n")) {
        end(out);
      } else if (text.endsWith(":")) {
        name(text.substring(0, text.length() - 1).stripTrailing().toLowerCase(Locale.ROOT));
      }
    }
    if (!isDropped) {
      out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private void name(String name) {
    hasVersion |= name.equals("mime-version");
    hasType |= name.equals("content-type");
    isDropped = dropsEncoding && name.equals("content-transfer-encoding");
  }

  private void end(ByteArrayOutputStream out) {
    if (isEnded) {
      return;
    }
    isEnded = true;
    StringBuilder fields = new StringBuilder();
    if (isOfMessage && !hasVersion) {
      fields.append("MIME-Version: 1.0\r\n");
    }
    if (isOfMessage && !hasType && encoding.isPresent()) {
      // RFC 1428 3: nobody knows what the octets stand for, but that they are not ASCII.
      fields.append("Content-Type: text/plain; charset=unknown-8bit\r\n");
    }
    encoding.ifPresent(
        name -> fields.append("Content-Transfer-Encoding: ").append(name).append("\r\n"));
    out.writeBytes(fields.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** It ended, maybe without an empty line. */
  void finish(ByteArrayOutputStream out) {
    if (start.size() > 0) {
      begin(out);
    }
  }
}
