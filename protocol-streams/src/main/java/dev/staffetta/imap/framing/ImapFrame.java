package dev.staffetta.imap.framing;

import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** A piece of what an IMAP client sent. */
public sealed interface ImapFrame {
  /**
   * The rest of a line, which ends a command.
   *
   * @param text without its line end
   */
  record Line(ByteString text) implements ImapFrame {}

  /**
   * The rest of a line that ends with the announcement of a literal. No further frame comes until
   * the session has told the framer by an {@link ImapMode} what is to become of the literal.
   *
   * @param text without its line end, the announcement included
   */
  record LiteralAhead(ByteString text, Literal literal) implements ImapFrame {}

  /** A stretch of a literal: as many bytes as fit in a frame, but for the last. */
  record Chunk(ByteString bytes) implements ImapFrame {}

  /**
   * A line that was longer than allowed; all of it was dropped but its start.
   *
   * @param start enough to find the tag
   * @param literal what the line announced at its end; as for {@link LiteralAhead}, the framer
   *     waits for a mode when there is one
   */
  record Overlong(ByteString start, Optional<Literal> literal) implements ImapFrame {}

  /**
   * A literal that is announced, {@code {310}} or {@code {310+}}.
   *
   * @param size in bytes; what has more digits than a long counts as {@link Long#MAX_VALUE}
   * @param synchronizing the client waits for a continuation request before it sends the literal
   *     (RFC 3501 7.5); otherwise it follows at once (RFC 7888)
   */
  record Literal(long size, boolean synchronizing) {}
}
