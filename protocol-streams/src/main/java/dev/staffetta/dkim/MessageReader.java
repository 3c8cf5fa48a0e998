package dev.staffetta.dkim;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** Divides a message into its header, which it keeps, and its body, which it digests. */
final class MessageReader {
  /** A longer header is none that a mail program wrote. */
  private static final int MAX_HEADER_IN_BYTES = 1 << 20;

  private static final byte[] HEADER_END = {'\r', '\n', '\r', '\n'};

  private final ByteArrayOutputStream header = new ByteArrayOutputStream();
  private final RelaxedBody body = new RelaxedBody();
  private boolean isInBody;

  /** How much of the header's end was seen; a message that begins with CRLF has an empty header. */
  private int endSeen = 2;

  void update(ByteString chunk) {
    byte[] octets = chunk.toArray();
    int from = 0;
    while (from < octets.length && !isInBody) {
      byte octet = octets[from++];
      if (header.size() <= MAX_HEADER_IN_BYTES) {
        header.write(octet);
      }
      if (octet == HEADER_END[endSeen]) {
        endSeen++;
      } else {
        endSeen = octet == HEADER_END[0] ? 1 : 0;
      }
      isInBody = endSeen == HEADER_END.length;
    }
    for (; from < octets.length; from++) {
      body.update(octets[from]);
    }
  }

  /** The digest of the body, once. */
  byte[] finish() {
    return body.finish();
  }

  /** A character an octet; empty: it is too long. */
  Optional<String> header() {
    return header.size() > MAX_HEADER_IN_BYTES
        ? Optional.empty()
        : Optional.of(header.toString(StandardCharsets.ISO_8859_1));
  }
}
