package dev.staffetta.ports;

import dev.staffetta.mime.MessageSummary;
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

  /** Frees memory and disk. May be called twice. */
  void release();
}
