package dev.staffetta.ports;

import dev.staffetta.mime.MessageSummary;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The bytes of messages, and what was learnt of them at delivery. They never change, so any replica
 * may answer.
 */
public interface Contents {
  /**
   * A stretch of a content, in chunks, read as the stream is pulled.
   *
   * @param offset in bytes, from 0
   * @param length in bytes; what lies beyond the end is left out
   */
  Source<ByteString, NotUsed> read(AccountId account, ContentId content, long offset, long length);

  /** Summaries of contents, in the order asked for; fails if one does not exist. */
  CompletionStage<List<MessageSummary>> summaries(AccountId account, List<ContentId> contents);
}
