package dev.staffetta.imap;

import dev.staffetta.imap.fetch.FetchRenderer;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.session.Effect.Taken;
import dev.staffetta.wire.Outgoing;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/** Replies as what the connection sends. */
final class ReplyRenderer {
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
    Queue<Integer> missing = new ConcurrentLinkedQueue<>();
    AtomicBoolean isBegun = new AtomicBoolean();
    AtomicBoolean isBroken = new AtomicBoolean();
    return fetches
        .responses(fetched.request(), missing::add)
        .map(
            bytes -> {
              isBegun.set(true);
              return bytes;
            })
        .recoverWithRetries(
            1,
            Throwable.class,
            () -> {
              isBroken.set(true);
              return isBegun.get()
                  ? Source.failed(new IllegalStateException("a FETCH broke off"))
                  : Source.empty();
            })
        .watchTermination(
            (nothing, done) -> {
              done.whenComplete(
                  (ok, failure) ->
                      outcome.complete(new Taken(isBroken.get(), List.copyOf(missing))));
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
