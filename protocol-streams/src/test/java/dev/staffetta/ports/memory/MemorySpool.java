package dev.staffetta.ports.memory;

import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.ReheadedMessage;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.SpooledMessage;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

final class MemorySpool implements Spool {
  private final MemoryMail mail;

  /** Messages that nobody has discarded or released yet. */
  final AtomicInteger held = new AtomicInteger();

  MemorySpool(MemoryMail mail) {
    this.mail = mail;
  }

  @Override
  public Writer open() {
    held.incrementAndGet();
    return new MemoryWriter();
  }

  /** The bytes of a message that may have been spooled elsewhere: only this spool's can be read. */
  static ByteString bytesOf(SpooledMessage message) {
    if (message instanceof ReheadedMessage reheaded) {
      return reheaded.head().concat(bytesOf(reheaded.message()).drop(reheaded.dropped()));
    }
    if (message instanceof Spooled spooled) {
      return spooled.whole;
    }
    throw new IllegalArgumentException("a message of another spool: " + message);
  }

  /** A message that is whole from the start, for fixtures. */
  SpooledMessage spooled(ByteString bytes) {
    held.incrementAndGet();
    return new Spooled(bytes, mail.summarise(bytes));
  }

  private final class MemoryWriter implements Writer {
    private ByteString taken = ByteString.emptyByteString();
    private boolean underWay;
    private boolean discarded;
    private Spooled finished;

    @Override
    public synchronized CompletionStage<Void> append(ByteString chunk) {
      if (underWay || finished != null || discarded) {
        throw new IllegalStateException("append while the last one is under way, or after the end");
      }
      underWay = true;
      return mail.<Void>call(
              PortCall.SPOOL_APPEND,
              () -> {
                add(chunk);
                return null;
              })
          .whenComplete((answer, failure) -> answered());
    }

    private synchronized void add(ByteString chunk) {
      taken = taken.concat(chunk);
    }

    private synchronized void answered() {
      underWay = false;
    }

    @Override
    public synchronized long size() {
      return taken.size();
    }

    @Override
    public CompletionStage<SpooledMessage> finish() {
      return mail.call(PortCall.SPOOL_FINISH, this::whole);
    }

    private synchronized Spooled whole() {
      finished = new Spooled(taken.compact(), mail.summarise(taken));
      return finished;
    }

    @Override
    public synchronized void discard() {
      if (finished != null) {
        finished.release();
      } else if (!discarded) {
        held.decrementAndGet();
      }
      discarded = true;
    }
  }

  private final class Spooled implements SpooledMessage {
    private final ContentId content = ContentId.random();
    private final ByteString whole;
    private final MessageSummary summary;
    private boolean released;

    Spooled(ByteString whole, MessageSummary summary) {
      this.whole = whole;
      this.summary = summary;
    }

    @Override
    public ContentId content() {
      return content;
    }

    @Override
    public long size() {
      return whole.size();
    }

    @Override
    public MessageSummary summary() {
      return summary;
    }

    @Override
    public Source<ByteString, NotUsed> bytes() {
      return Source.single(whole);
    }

    @Override
    public synchronized void release() {
      if (!released) {
        held.decrementAndGet();
      }
      released = true;
    }
  }
}
