package dev.staffetta.imap.framing;

import dev.staffetta.wire.Framer;

/** How the next bytes of an IMAP client are to be cut. */
public sealed interface ImapMode extends Framer.Mode {
  /**
   * Lines from here on, each no longer than this.
   *
   * @param maxLineInBytes without the line end
   */
  record Lines(int maxLineInBytes) implements ImapMode {}

  /** A literal of this size as chunks, then lines again. */
  record Literal(long sizeInBytes) implements ImapMode {}

  /** So many bytes are dropped without a frame, then lines again. */
  record Skip(long sizeInBytes) implements ImapMode {}
}
