package dev.staffetta.store.content;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.staffetta.config.StoreSettings;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.store.Keys;
import dev.staffetta.store.Reader;
import dev.staffetta.store.Store;
import dev.staffetta.store.content.proto.StoredContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The contents of accounts whose partition has a replica here: written, and read back in chunks.
 */
public final class StoredContents implements Contents {
  /** Chunks read ahead of a reader. */
  private static final int READ_AHEAD = 2;

  private final Store store;
  private final StoreSettings.Contents settings;
  private final Materializer materializer;

  public StoredContents(Store store, StoreSettings.Contents settings, Materializer materializer) {
    this.store = store;
    this.settings = settings;
    this.materializer = materializer;
  }

  /**
   * Makes a message ready to be referred to by an event of an entity of {@code account}.
   *
   * @return the content, when it is small enough to go into that event's batch; empty when it is
   *     stored now, and stays for the grace time at least. Fails with {@link
   *     Refusal.Code#UNAVAILABLE}
   */
  public CompletionStage<Optional<SmallContent>> write(AccountId account, SpooledMessage message) {
    if (message.size() <= settings.inlineBytes()) {
      return message
          .bytes()
          .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), materializer)
          .thenApply(
              bytes ->
                  Optional.of(
                      new SmallContent(message.content(), message.summary(), bytes.compact())));
    }
    return new ContentUpload(store, partition(account), message, settings.grace())
        .run(materializer)
        .thenApply(done -> Optional.empty());
  }

  @Override
  public Source<ByteString, NotUsed> read(
      AccountId account, ContentId content, long offset, long length) {
    int partition = partition(account);
    return Source.completionStage(store.read(partition, reader -> head(reader, content)))
        .flatMapConcat(head -> chunks(partition, content, head, offset, length));
  }

  @Override
  public CompletionStage<ByteString> readSmall(
      AccountId account, ContentId content, long offset, int length) {
    return store.read(
        partition(account), reader -> small(reader, new SmallStretch(content, offset, length)));
  }

  @Override
  public CompletionStage<List<Optional<ByteString>>> readSmall(
      AccountId account, List<SmallStretch> stretches) {
    return store.read(
        partition(account),
        reader -> {
          List<Optional<ByteString>> all = new ArrayList<>(stretches.size());
          for (SmallStretch stretch : stretches) {
            all.add(existing(reader, stretch));
          }
          return all;
        });
  }

  private static Optional<ByteString> existing(Reader reader, SmallStretch stretch) {
    try {
      return Optional.of(small(reader, stretch));
    } catch (Refusal refusal) {
      if (refusal.code() == Refusal.Code.NONEXISTENT) {
        return Optional.empty();
      }
      throw refusal;
    }
  }

  private static ByteString small(Reader reader, SmallStretch stretch) {
    StoredContent head = head(reader, stretch.content());
    long from = Math.max(0, stretch.offset());
    long to = Math.min(head.getSize(), from + Math.min(stretch.length(), SMALL));
    ByteString bytes = ByteString.emptyByteString();
    while (from < to) {
      int number = (int) (from / head.getChunkBytes());
      ByteString some = slice(chunk(reader, stretch.content(), number), number, head, from, to);
      bytes = bytes.concat(some);
      from += some.size();
    }
    return bytes;
  }

  @Override
  public CompletionStage<List<MessageSummary>> summaries(
      AccountId account, List<ContentId> contents) {
    return store.read(
        partition(account),
        reader -> {
          List<MessageSummary> summaries = new ArrayList<>(contents.size());
          for (ContentId content : contents) {
            summaries.add(
                MessageSummary.fromBytes(head(reader, content).getSummary().toByteArray()));
          }
          return summaries;
        });
  }

  private Source<ByteString, NotUsed> chunks(
      int partition, ContentId content, StoredContent head, long offset, long length) {
    long from = Math.max(0, offset);
    long to = length >= head.getSize() - from ? head.getSize() : from + length;
    if (from >= to) {
      return Source.empty();
    }
    int chunkBytes = head.getChunkBytes();
    return Source.range((int) (from / chunkBytes), (int) ((to - 1) / chunkBytes))
        .mapAsync(
            READ_AHEAD,
            number ->
                store
                    .read(partition, reader -> chunk(reader, content, number))
                    .thenApply(bytes -> slice(bytes, number, head, from, to)));
  }

  /** What of a chunk lies in the stretch between two offsets of the content. */
  private static ByteString slice(
      ByteString chunk, int number, StoredContent head, long from, long to) {
    long start = (long) number * head.getChunkBytes();
    return chunk.slice((int) Math.max(0, from - start), (int) Math.min(chunk.size(), to - start));
  }

  private static StoredContent head(Reader reader, ContentId content) {
    byte[] stored =
        reader.get(Keys.content(content)).orElseThrow(() -> missing("content " + content));
    try {
      return StoredContent.parseFrom(stored);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("content " + content + " cannot be read", e);
    }
  }

  private static ByteString chunk(Reader reader, ContentId content, int number) {
    return ByteString.fromArrayUnsafe(
        reader
            .get(Keys.chunk(content, number))
            .orElseThrow(() -> missing("chunk " + number + " of content " + content)));
  }

  private static Refusal missing(String what) {
    return new Refusal(Refusal.Code.NONEXISTENT, what + " is not here");
  }

  private int partition(AccountId account) {
    return store.partitionOf(account.address());
  }
}
