package dev.staffetta.ports;

import dev.staffetta.mime.MessageSummary;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
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

  /**
   * Summaries of those contents that exist, in the order asked for, empty for the others: a message
   * may be expunged, and its content swept, while a session still knows of it.
   */
  default CompletionStage<List<Optional<MessageSummary>>> summariesOfExisting(
      AccountId account, List<ContentId> contents) {
    return summaries(account, contents)
        .handle(
            (summaries, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedStage(
                    summaries.stream().map(Optional::of).toList());
              }
              if (Refusal.of(failure).code() != Refusal.Code.NONEXISTENT) {
                return CompletableFuture.<List<Optional<MessageSummary>>>failedStage(failure);
              }
              if (contents.size() == 1) {
                return CompletableFuture.completedStage(List.of(Optional.<MessageSummary>empty()));
              }
              // One that is gone fails them all: look for it by halves.
              int half = contents.size() / 2;
              return summariesOfExisting(account, contents.subList(0, half))
                  .thenCombine(
                      summariesOfExisting(account, contents.subList(half, contents.size())),
                      (one, other) -> Stream.concat(one.stream(), other.stream()).toList());
            })
        .thenCompose(stage -> stage);
  }
}
