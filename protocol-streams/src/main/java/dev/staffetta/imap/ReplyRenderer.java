package dev.staffetta.imap;

import dev.staffetta.imap.fetch.FetchRenderer;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.session.Effect.Taken;
import dev.staffetta.wire.Outgoing;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replies as what the connection sends. */
final class ReplyRenderer {
  private static final Logger LOG = LoggerFactory.getLogger(ReplyRenderer.class);

  /** Lines are sent together up to about so many octets. */
  private static final int GATHERED = 16 * 1024;

  private final FetchRenderer fetches;
  private final TakenReplies taken;

  ReplyRenderer(FetchRenderer fetches, TakenReplies taken) {
    this.fetches = fetches;
    this.taken = taken;
  }

  Outgoing render(Reply reply) {
    if (reply instanceof Reply.Text text) {
      return new Outgoing.Bytes(text.bytes());
    }
    if (reply instanceof Reply.Lines lines) {
      return new Outgoing.Streamed(Source.fromIterator(() -> gathered(lines.lines().iterator())));
    }
    if (reply instanceof Reply.Fetched fetched) {
      return new Outgoing.Streamed(fetched(fetched));
    }
    if (reply instanceof Reply.Mode mode) {
      return new Outgoing.SetMode(mode.mode());
    }
    return reply instanceof Reply.StartTls ? new Outgoing.StartTls() : new Outgoing.Close();
  }

  /**
   * The responses to a FETCH. When they fail before their first byte, the client can be told so;
   * afterwards it counts on the length of a literal, and only the end of the connection is the
   * truth.
   */
  private Source<ByteString, NotUsed> fetched(Reply.Fetched fetched) {
    CompletableFuture<Taken> outcome = taken.of(fetched.ticket());
    AtomicReference<Taken> state = new AtomicReference<>(Taken.NOT_AVAILABLE);
    AtomicBoolean hasGaps = new AtomicBoolean();
    return fetches
        .responses(fetched.request(), number -> hasGaps.set(true))
        .map(
            bytes -> {
              state.set(Taken.WHOLE);
              return bytes;
            })
        .concat(
            Source.lazySource(
                    () -> {
                      state.set(hasGaps.get() ? Taken.WITH_GAPS : Taken.WHOLE);
                      return Source.<ByteString>empty();
                    })
                .mapMaterializedValue(later -> NotUsed.getInstance()))
        .recoverWithRetries(
            1,
            Throwable.class,
            () -> {
              boolean isBegun = state.get() != Taken.NOT_AVAILABLE;
              LOG.warn("a FETCH failed {}", isBegun ? "in the middle" : "at its start");
              return isBegun
                  ? Source.failed(new IllegalStateException("a FETCH broke off"))
                  : Source.empty();
            })
        .watchTermination(
            (nothing, done) -> {
              done.whenComplete((ok, failure) -> outcome.complete(state.get()));
              return NotUsed.getInstance();
            });
  }

  private static Iterator<ByteString> gathered(Iterator<ByteString> lines) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return lines.hasNext();
      }

      @Override
      public ByteString next() {
        ByteStringBuilder some = ByteString.createBuilder();
        int size = 0;
        while (lines.hasNext() && size < GATHERED) {
          ByteString line = lines.next();
          some.append(line);
          size += line.size();
        }
        return some.result();
      }
    };
  }
}
