package dev.staffetta.delivery;

import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.SpooledMessage;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A message that waits in memory.
 *
 * @param free gives its memory back to the budget
 */
record MemoryMessage(ContentId content, MessageSummary summary, ByteString all, Runnable free)
    implements SpooledMessage {
  @Override
  public long size() {
    return all.size();
  }

  @Override
  public Source<ByteString, NotUsed> bytes() {
    return all.isEmpty() ? Source.empty() : Source.single(all);
  }

  @Override
  public Optional<ByteString> inMemory() {
    return Optional.of(all);
  }

  @Override
  public void release() {
    free.run();
  }
}
