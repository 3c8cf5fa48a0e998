package dev.staffetta.ports;

import dev.staffetta.mime.MessageSummary;
import java.util.ArrayList;
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
  /** The longest stretch that {@link #readSmall} gives, in bytes. */
  int SMALL = 64 * 1024;

  /**
   * A stretch of a content, in chunks, read as the stream is pulled.
   *
   * @param offset in bytes, from 0
   * @param length in bytes; what lies beyond the end is left out
   */
  Source<ByteString, NotUsed> read(AccountId account, ContentId content, long offset, long length);

  /**
   * A small stretch of a content, whole in memory: for headers and small messages, of which many
   * are read one after the other, and each would be dearer as a stream.
   *
   * @param offset in bytes, from 0
   * @param length in bytes, at most {@link #SMALL}; what lies beyond the end is left out
   */
  CompletionStage<ByteString> readSmall(
      AccountId account, ContentId content, long offset, int length);

  /**
   * A small stretch of a content, as {@link #readSmall} takes it.
   *
   * @param offset in bytes, from 0
   * @param length in bytes, at most {@link #SMALL}
   */
  record SmallStretch(ContentId content, long offset, int length) {}

  /**
   * Many small stretches at once, in the order asked for, empty where the content does not exist;
   * fails if one cannot be read now. Cheaper than each for itself.
   */
  default CompletionStage<List<Optional<ByteString>>> readSmall(
      AccountId account, List<SmallStretch> stretches) {
    CompletionStage<List<Optional<ByteString>>> all =
        CompletableFuture.completedStage(new ArrayList<>());
    for (SmallStretch stretch : stretches) {
      all =
          all.thenCombine(
              existing(readSmall(account, stretch.content(), stretch.offset(), stretch.length())),
              (before, bytes) -> {
                before.add(bytes);
                return before;
              });
    }
    return all;
  }

  private static CompletionStage<Optional<ByteString>> existing(CompletionStage<ByteString> bytes) {
    return bytes
        .thenApply(Optional::of)
        .exceptionally(
            failure -> {
              Refusal refusal = Refusal.of(failure);
              if (refusal.code() == Refusal.Code.NONEXISTENT) {
                return Optional.empty();
              }
              throw refusal;
            });
  }

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
