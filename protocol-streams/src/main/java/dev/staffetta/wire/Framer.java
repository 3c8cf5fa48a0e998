package dev.staffetta.wire;

import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Cuts a byte stream into a protocol's frames: lines, literals, chunks of data. Its buffer is
 * bounded: input over a limit becomes a frame that says so, never an exception. Used by one thread.
 *
 * <p>Whatever the cuts of the byte stream into segments, the frames are the same (but for where
 * chunks of data end).
 *
 * @param <F> the protocol's frames
 */
public interface Framer<F> {
  /**
   * What the session tells its framer: how the next bytes are to be cut. Each protocol has its own.
   */
  interface Mode {}

  /** Takes the next segment of the stream. */
  void offer(ByteString bytes);

  /** The next frame; empty: more bytes are needed. */
  Optional<F> poll();

  /**
   * Changes how the bytes from here on are cut, those already offered and not yet polled included.
   */
  void mode(Mode mode);

  /**
   * Drops what is buffered: what a stranger sent in plain text must not be taken for what came by
   * TLS (RFC 3207 6).
   */
  void reset();
}
