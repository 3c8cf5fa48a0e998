package dev.staffetta.imap.fetch;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A piece of the responses: bytes that are there, or bytes that are still to be read. */
sealed interface Piece {
  Source<ByteString, NotUsed> source();

  /** Rendered bytes, not empty. */
  record Rendered(ByteString bytes) implements Piece {
    @Override
    public Source<ByteString, NotUsed> source() {
      return Source.single(bytes);
    }
  }

  /** Bytes of a content that is too large to be read ahead. */
  record Streamed(Source<ByteString, NotUsed> source) implements Piece {}
}
