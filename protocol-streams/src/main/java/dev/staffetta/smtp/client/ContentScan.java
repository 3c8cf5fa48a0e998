package dev.staffetta.smtp.client;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * What of a message not every server can take.
 *
 * @param isHeaderAscii whether its header is of ASCII only (RFC 5322 2.2); else it is
 *     internationalized (RFC 6532)
 * @param isBodyAscii whether the rest is
 * @param obstacle why what is not cannot be encoded so that it is
 */
record ContentScan(boolean isHeaderAscii, boolean isBodyAscii, Optional<String> obstacle) {
  /** Of one that every server can take, or that was not looked at. */
  static final ContentScan ASCII = new ContentScan(true, true, Optional.empty());

  /** A message so far. */
  private record Progress(boolean isInBody, int newlines, ContentScan found) {
    Progress after(ByteString chunk) {
      boolean inBody = isInBody;
      int lineEnds = newlines;
      boolean header = found.isHeaderAscii;
      boolean body = found.isBodyAscii;
      byte[] octets = chunk.toArrayUnsafe();
      for (byte octet : octets) {
        if (octet < 0) {
          header &= inBody;
          body &= !inBody;
        }
        if (octet == '\n') {
          lineEnds++;
          inBody |= lineEnds == 2;
        } else if (octet != '\r') {
          lineEnds = 0;
        }
      }
      return new Progress(inBody, lineEnds, new ContentScan(header, body, Optional.empty()));
    }
  }

  /** Reads a message. */
  static CompletionStage<ContentScan> of(
      Source<ByteString, NotUsed> bytes, Materializer materializer) {
    return bytes
        .runWith(Sink.fold(new Progress(false, 1, ASCII), Progress::after), materializer)
        .thenApply(Progress::found);
  }
}
