package dev.staffetta.imap.reply;

import dev.staffetta.imap.fetch.FetchRequest;
import dev.staffetta.imap.framing.ImapMode;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteString;

/** What an IMAP session hands to its connection. */
public sealed interface Reply {
  /** Bytes for the client: whole lines. */
  record Text(ByteString bytes) implements Reply {
    /** A line, without its line end. */
    public static Text line(String line) {
      return new Text(ByteString.fromString(line + "\r\n", StandardCharsets.ISO_8859_1));
    }
  }

  /** Many lines, made when the client takes them. */
  record Lines(Iterable<ByteString> lines) implements Reply {}

  /**
   * The responses to a FETCH, made as the client takes them.
   *
   * @param ticket by which the session learns that they were taken
   */
  record Fetched(long ticket, FetchRequest request) implements Reply {}

  /** For the framer. */
  record Mode(ImapMode mode) implements Reply {}

  /** From here on TLS. */
  record StartTls() implements Reply {}

  /** The end. */
  record Close() implements Reply {}
}
