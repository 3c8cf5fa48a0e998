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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The contents of all accounts: written at whichever node leads the account's partition, and read
 * back in chunks, from this node's replica where it has them.
 */
public final class StoredContents implements Contents {
  /** Chunks read ahead of a reader. */
  private static final int READ_AHEAD = 2;

  private final Store store;
  private final ContentValues values;
  private final StoreSettings.Contents settings;
  private final Materializer materializer;

  public StoredContents(Store store, StoreSettings.Contents settings, Materializer materializer) {
    this.store = store;
    this.values = new ContentValues(store);
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
      return whole(message)
          .thenApply(
              bytes ->
                  Optional.of(
                      new SmallContent(message.content(), message.summary(), bytes.compact())));
    }
    return new ContentUpload(store, values, partition(account), message, settings.grace())
        .run(materializer)
        .thenApply(done -> Optional.empty());
  }

  private CompletionStage<ByteString> whole(SpooledMessage message) {
    return message
        .inMemory()
        .<CompletionStage<ByteString>>map(CompletableFuture::completedStage)
        .orElseGet(
            () ->
                message
                    .bytes()
                    .runWith(
                        Sink.fold(ByteString.emptyByteString(), ByteString::concat), materializer));
  }

  @Override
  public Source<ByteString, NotUsed> read(
      AccountId account, ContentId content, long offset, long length) {
    int partition = partition(account);
    return Source.completionStage(
            read(
                partition,
                reader -> head(reader, content),
                () -> heads(partition, List.of(content))))
        .flatMapConcat(head -> chunks(partition, content, head, offset, length));
  }

  @Override
  public CompletionStage<ByteString> readSmall(
      AccountId account, ContentId content, long offset, int length) {
    int partition = partition(account);
    SmallStretch stretch = new SmallStretch(content, offset, length);
    return read(
        partition,
        reader -> small(reader, stretch),
        () -> smallChunks(partition, List.of(stretch)));
  }

  @Override
  public CompletionStage<List<Optional<ByteString>>> readSmall(
      AccountId account, List<SmallStretch> stretches) {
    int partition = partition(account);
    return values
        .here(partition, reader -> stretches.stream().map(s -> small(reader, s)).toList())
        .thenCompose(
            here ->
                here.isPresent()
                    ? CompletableFuture.completedFuture(
                        here.get().stream().map(Optional::of).toList())
                    : smallChunks(partition, stretches)
                        .thenApply(
                            there -> stretches.stream().map(s -> existing(there, s)).toList()));
  }

  /** Reads here, and if that cannot be, from what {@code collecting} brings together. */
  private <T> CompletionStage<T> read(
      int partition,
      Function<Reader, T> reading,
      Supplier<CompletionStage<ContentValues.Collected>> collecting) {
    return values
        .here(partition, reading)
        .thenCompose(
            here ->
                here.isPresent()
                    ? CompletableFuture.completedFuture(here.get())
                    : collecting.get().thenApply(reading));
  }

  private CompletionStage<ContentValues.Collected> heads(int partition, List<ContentId> contents) {
    return values.collect(
        partition,
        contents.stream().distinct().map(Keys::content).toList(),
        ContentValues.HEADS_AT_ONCE,
        new ContentValues.Collected());
  }

  /** The heads of contents, and the chunks that the stretches lie in. */
  private CompletionStage<ContentValues.Collected> smallChunks(
      int partition, List<SmallStretch> stretches) {
    return heads(partition, stretches.stream().map(SmallStretch::content).toList())
        .thenCompose(
            collected ->
                values.collect(
                    partition,
                    stretches.stream()
                        .flatMap(stretch -> chunkKeys(collected, stretch))
                        .map(ByteBuffer::wrap)
                        .distinct()
                        .map(ByteBuffer::array)
                        .toList(),
                    ContentValues.CHUNKS_AT_ONCE,
                    collected));
  }

  private static Stream<byte[]> chunkKeys(Reader reader, SmallStretch stretch) {
    if (reader.get(Keys.content(stretch.content())).isEmpty()) {
      return Stream.empty();
    }
    StoredContent head = head(reader, stretch.content());
    long from = Math.max(0, stretch.offset());
    long to = Math.min(head.getSize(), from + Math.min(stretch.length(), SMALL));
    if (from >= to) {
      return Stream.empty();
    }
    int chunkBytes = head.getChunkBytes();
    return IntStream.rangeClosed((int) (from / chunkBytes), (int) ((to - 1) / chunkBytes))
        .mapToObj(number -> Keys.chunk(stretch.content(), number));
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
    int partition = partition(account);
    return read(partition, reader -> summaries(reader, contents), () -> heads(partition, contents));
  }

  private static List<MessageSummary> summaries(Reader reader, List<ContentId> contents) {
    List<MessageSummary> summaries = new ArrayList<>(contents.size());
    for (ContentId content : contents) {
      summaries.add(MessageSummary.fromBytes(head(reader, content).getSummary().toByteArray()));
    }
    return summaries;
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
                read(
                        partition,
                        reader -> chunk(reader, content, number),
                        () ->
                            values.collect(
                                partition,
                                List.of(Keys.chunk(content, number)),
                                ContentValues.CHUNKS_AT_ONCE,
                                new ContentValues.Collected()))
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

  /** {@code queue@#3}, which no account can be called, owns contents of the third partition. */
  private int partition(AccountId account) {
    String domain = account.domain();
    return domain.startsWith("#")
        ? Integer.parseInt(domain.substring(1))
        : store.partitionOf(account.address());
  }
}
