package dev.staffetta.imap.fetch;

import dev.staffetta.imap.fetch.FetchItem.Partial;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Reads stretches of an account's contents, exactly as long as they should be. What is small and
 * wanted while a group of responses is begun is read for all of them at once. Of one thread until
 * {@link #readGathered}, of one response at a time after it.
 */
final class ContentReader {
  private record Wanted(Contents.SmallStretch stretch, CompletableFuture<ByteString> bytes) {}

  private final Contents contents;
  private final AccountId account;
  private final List<Wanted> gathered = new ArrayList<>();
  private volatile boolean isGathering = true;

  ContentReader(Contents contents, AccountId account) {
    this.contents = contents;
    this.account = account;
  }

  /** Reads what was wanted so far; what is wanted later is read when it is wanted. */
  void readGathered() {
    isGathering = false;
    if (gathered.isEmpty()) {
      return;
    }
    var unused =
        contents
            .readSmall(account, gathered.stream().map(Wanted::stretch).toList())
            .whenComplete(
                (all, failure) -> {
                  for (int i = 0; i < gathered.size(); i++) {
                    if (failure != null && gathered.size() == 1) {
                      gathered.get(i).bytes.completeExceptionally(failure);
                    } else if (failure != null) {
                      // One that cannot be read fails them all, but only it is to be missing.
                      alone(gathered.get(i));
                    } else {
                      give(gathered.get(i), all.get(i));
                    }
                  }
                });
  }

  private void alone(Wanted wanted) {
    var unused =
        now(wanted.stretch)
            .whenComplete(
                (bytes, failure) -> {
                  if (failure == null) {
                    wanted.bytes.complete(bytes);
                  } else {
                    wanted.bytes.completeExceptionally(failure);
                  }
                });
  }

  private static void give(Wanted wanted, Optional<ByteString> bytes) {
    if (bytes.isPresent()) {
      wanted.bytes.complete(bytes.get());
    } else {
      wanted.bytes.completeExceptionally(
          new Refusal(Refusal.Code.NONEXISTENT, "the content is gone"));
    }
  }

  /** A stretch as it is pulled; fails if it is shorter than it should be. */
  Source<ByteString, NotUsed> stream(ContentId content, Stretch stretch) {
    return contents
        .read(account, content, stretch.offset(), stretch.length())
        .via(new ByteTransform.Stage(() -> new LiteralBytes(stretch.length())));
  }

  /** A stretch of at most {@link Contents#SMALL} bytes, at once; fails if it is shorter. */
  CompletionStage<ByteString> whole(ContentId content, Stretch stretch) {
    return small(new Contents.SmallStretch(content, stretch.offset(), (int) stretch.length()))
        .thenApply(
            bytes -> {
              LiteralBytes literal = new LiteralBytes(stretch.length());
              return literal.offer(bytes).concat(literal.finish());
            });
  }

  private CompletionStage<ByteString> small(Contents.SmallStretch stretch) {
    if (!isGathering) {
      return now(stretch);
    }
    Wanted wanted = new Wanted(stretch, new CompletableFuture<>());
    gathered.add(wanted);
    return wanted.bytes;
  }

  private CompletionStage<ByteString> now(Contents.SmallStretch stretch) {
    return contents.readSmall(account, stretch.content(), stretch.offset(), stretch.length());
  }

  /**
   * The literal of some fields of a header that is too large to be read ahead: read once to know
   * how much it is, and once again to send it.
   */
  Source<ByteString, NotUsed> filteredLiteral(
      ContentId content, Stretch header, Section section, Optional<Partial> partial) {
    Source<ByteString, NotUsed> fields =
        stream(content, header).via(new ByteTransform.Stage(() -> new HeaderFilter(section)));
    return fields
        .fold(0L, (size, chunk) -> size + chunk.size())
        .flatMapConcat(
            size -> {
              Stretch part = new Stretch(0, size).cut(partial);
              byte[] announced = new ResponseWriter(16).literalHeader(part.length()).take();
              return Source.single(ByteString.fromArrayUnsafe(announced))
                  .concat(fields.via(new ByteTransform.Stage(() -> new ByteCut(part))));
            });
  }
}
