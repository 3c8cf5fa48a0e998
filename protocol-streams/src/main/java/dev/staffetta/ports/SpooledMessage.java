package dev.staffetta.ports;

import dev.staffetta.mime.MessageSummary;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A whole message on its way into mailboxes. Whoever finished the spool releases it when it is
 * placed.
 */
public interface SpooledMessage {
  /** Names its content, and this delivery of it. */
  ContentId content();

  /** In bytes. */
  long size();

  /** Envelope and structure. */
  MessageSummary summary();

  /** Its bytes, from the start; may be read more than once. */
  Source<ByteString, NotUsed> bytes();

  /**
   * The same at once, where they lie in memory anyway: a stream for each small message costs more
   * than the message does.
   */
  default Optional<ByteString> inMemory() {
    return Optional.empty();
  }

  /** Frees memory and disk. May be called twice. */
  void release();
}
