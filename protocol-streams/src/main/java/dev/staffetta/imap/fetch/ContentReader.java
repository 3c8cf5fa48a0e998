package dev.staffetta.imap.fetch;

import dev.staffetta.imap.fetch.FetchItem.Partial;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Reads stretches of an account's contents, exactly as long as they should be. */
final class ContentReader {
  private final Contents contents;
  private final AccountId account;

  ContentReader(Contents contents, AccountId account) {
    this.contents = contents;
    this.account = account;
  }

  /** A stretch as it is pulled; fails if it is shorter than it should be. */
  Source<ByteString, NotUsed> stream(ContentId content, Stretch stretch) {
    return contents
        .read(account, content, stretch.offset(), stretch.length())
        .via(new ByteTransform.Stage(() -> new LiteralBytes(stretch.length())));
  }

  /** A stretch of at most {@link Contents#SMALL} bytes, at once; fails if it is shorter. */
  CompletionStage<ByteString> whole(ContentId content, Stretch stretch) {
    return contents
        .readSmall(account, content, stretch.offset(), (int) stretch.length())
        .thenApply(
            bytes -> {
              LiteralBytes literal = new LiteralBytes(stretch.length());
              return literal.offer(bytes).concat(literal.finish());
            });
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
