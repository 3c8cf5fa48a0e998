package dev.staffetta.dialogue;

import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** The client's end of one connection of a dialogue. */
public interface DialogueConnection extends AutoCloseable {
  /** Sends bytes as they are. */
  void send(ByteString bytes);

  /**
   * The server's next line without its CRLF, as UTF-8; empty: the server closed the connection, or
   * said nothing in time. What stands after the last CRLF when it closes is a line too.
   */
  Optional<String> line();

  /** Starts TLS, which the server has just agreed to. */
  void startTls();

  /** Whether the server has closed the connection and nothing is left to be read. Waits for it. */
  boolean isEnded();

  /** Bytes that the server sent and nobody has read yet, as far as they are here. */
  ByteString unread();

  /** Closes the client's side; the connection is then gone. May be called twice. */
  @Override
  void close();
}
