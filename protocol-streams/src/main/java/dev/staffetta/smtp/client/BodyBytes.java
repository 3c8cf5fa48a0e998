package dev.staffetta.smtp.client;

import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/** A message's octets as they go over the wire, chunk by chunk. */
final class BodyBytes {
  private static final ByteString CRLF = ByteString.fromString("\r\n");

  private BodyBytes() {}

  /**
   * For DATA (RFC 5321 4.5.2): a dot more at the start of a line that has one there, and the line
   * that ends it. A CR or LF that stands alone becomes a whole line end, since neither may be sent
   * (RFC 5321 2.3.8), and a receiver that took it for one could see another message begin.
   *
   * @param last run just before the last octets go out
   */
  static Source<ByteString, NotUsed> dotted(Source<ByteString, NotUsed> message, Runnable last) {
    return Source.lazySource(
            () -> {
              DotStuffing stuffing = new DotStuffing();
              // Lazy, so that the end is made after the last chunk; and not there if that fails.
              return message
                  .map(stuffing::stuff)
                  .concatLazy(
                      Source.lazySingle(
                          () -> {
                            last.run();
                            return stuffing.end();
                          }))
                  .filter(ByteString::nonEmpty);
            })
        .mapMaterializedValue(later -> NotUsed.getInstance());
  }

  /**
   * For BDAT: as they are (RFC 3030 2). Fails when they are not as many as was said, because the
   * server counts.
   *
   * @param last run just before the last octets go out
   */
  static Source<ByteString, NotUsed> counted(
      Source<ByteString, NotUsed> message, long size, Runnable last) {
    return message
        .filter(ByteString::nonEmpty)
        .concatLazy(Source.single(ByteString.emptyByteString()))
        .statefulMap(
            () -> size,
            (left, chunk) -> {
              long then = left - chunk.size();
              if (then < 0 || (chunk.isEmpty() && then != 0)) {
                throw new IllegalStateException("the message is not of " + size + " octets");
              }
              if (then == 0) {
                last.run();
              }
              return Pair.create(then, chunk);
            },
            left -> Optional.empty())
        .filter(ByteString::nonEmpty);
  }

  /** Changed by one stream only. */
  private static final class DotStuffing {
    private boolean isLineStart = true;
    private boolean isAfterCr;

    ByteString stuff(ByteString chunk) {
      byte[] octets = chunk.toArrayUnsafe();
      ByteStringBuilder sent = new ByteStringBuilder();
      sent.sizeHint(octets.length + 64);
      int from = 0;
      for (int i = 0; i < octets.length; i++) {
        byte octet = octets[i];
        if (isAfterCr) {
          isAfterCr = false;
          isLineStart = true;
          sent.append(CRLF);
          if (octet == '\n') {
            from = i + 1;
            continue;
          }
        }
        if (octet == '\r') {
          sent.putBytes(octets, from, i - from);
          from = i + 1;
          isAfterCr = true;
        } else if (octet == '\n') {
          sent.putBytes(octets, from, i - from);
          sent.append(CRLF);
          from = i + 1;
          isLineStart = true;
        } else {
          if (octet == '.' && isLineStart) {
            sent.putBytes(octets, from, i - from);
            sent.putByte((byte) '.');
            from = i;
          }
          isLineStart = false;
        }
      }
      sent.putBytes(octets, from, octets.length - from);
      return sent.result();
    }

    ByteString end() {
      return ByteString.fromString(isLineStart && !isAfterCr ? ".\r\n" : "\r\n.\r\n");
    }
  }
}
