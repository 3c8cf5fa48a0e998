package dev.staffetta.imap.fetch;

import org.apache.pekko.util.ByteString;

/** Lets a stretch of a stream pass. */
final class ByteCut implements ByteTransform {
  private final Stretch stretch;
  private long at;

  ByteCut(Stretch stretch) {
    this.stretch = stretch;
  }

  @Override
  public ByteString offer(ByteString chunk) {
    long from = clamp(stretch.offset() - at, chunk);
    long until = clamp(stretch.offset() + stretch.length() - at, chunk);
    at += chunk.size();
    return chunk.slice((int) from, (int) until);
  }

  private static long clamp(long index, ByteString chunk) {
    return Math.max(0, Math.min(chunk.size(), index));
  }

  @Override
  public ByteString finish() {
    return ByteString.emptyByteString();
  }
}
