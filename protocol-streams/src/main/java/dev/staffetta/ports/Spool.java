package dev.staffetta.ports;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/**
 * Where a message waits between its first byte on the wire and its place in a mailbox: small ones
 * in memory, large ones on the node's disk. Nothing in it is promised to anybody.
 */
public interface Spool {
  /** Starts a message. */
  Writer open();

  /**
   * Takes one message, chunk by chunk. One call at a time: the next after the last one's answer.
   */
  interface Writer {
    /** Takes a chunk; the answer says that the next may come. */
    CompletionStage<Void> append(ByteString chunk);

    /** Bytes taken so far. */
    long size();

    /** The message is whole: its structure is known now. */
    CompletionStage<SpooledMessage> finish();

    /** Gives up; frees what was taken. May be called at any time, twice, and after finish. */
    void discard();
  }
}
