package dev.staffetta.delivery;

import dev.staffetta.mime.MessageParser;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.SpooledMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/**
 * Takes one message: into memory, and from there into a file once it is too large or memory is
 * scarce. Its structure is learnt as it goes by.
 *
 * <p>Guarded by itself: chunks come one at a time, but {@link #discard} may come in between.
 */
final class SpoolWriter implements Spool.Writer {
  private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

  private final NodeSpool spool;
  private final ContentId content = ContentId.random();
  private final MessageParser parser = new MessageParser();

  /** What is in memory; nothing once there is a file. */
  private final List<ByteString> chunks = new ArrayList<>();

  private long memoryBytes;
  private Optional<SpoolFile> file = Optional.empty();
  private Optional<SpooledMessage> finished = Optional.empty();
  private long size;
  private boolean isDiscarded;

  SpoolWriter(NodeSpool spool) {
    this.spool = spool;
  }

  @Override
  public synchronized CompletionStage<Void> append(ByteString chunk) {
    if (isDiscarded || finished.isPresent()) {
      return CompletableFuture.failedStage(
          new Refusal(Refusal.Code.UNAVAILABLE, "the message was given up or is finished"));
    }
    parser.offer(chunk);
    size += chunk.size();
    if (file.isPresent()) {
      return file.get().append(List.of(chunk));
    }
    if (size <= spool.memoryBytes() && spool.budget().take(chunk.size())) {
      memoryBytes += chunk.size();
      // A slice would keep the whole of what was received with it.
      chunks.add(chunk.compact());
      return DONE;
    }
    SpoolFile opened = new SpoolFile(spool.file(content.toString()), spool.blocking());
    file = Optional.of(opened);
    List<ByteString> sofar = new ArrayList<>(chunks);
    sofar.add(chunk);
    chunks.clear();
    return opened.append(sofar).whenComplete((written, failure) -> freeMemory());
  }

  @Override
  public synchronized long size() {
    return size;
  }

  @Override
  public synchronized CompletionStage<SpooledMessage> finish() {
    if (isDiscarded || finished.isPresent()) {
      return CompletableFuture.failedStage(
          new Refusal(Refusal.Code.UNAVAILABLE, "the message was given up or is finished"));
    }
    SpooledMessage message =
        file.isPresent()
            ? new FileMessage(content, size, parser.finish(), file.get())
            : new MemoryMessage(
                content, parser.finish(), ByteString.fromArrayUnsafe(joined()), this::freeMemory);
    finished = Optional.of(message);
    return file.isPresent()
        ? file.get().finish().thenApply(closed -> message)
        : CompletableFuture.completedStage(message);
  }

  private byte[] joined() {
    byte[] all = new byte[Math.toIntExact(size)];
    int at = 0;
    for (ByteString chunk : chunks) {
      chunk.copyToArray(all, at);
      at += chunk.size();
    }
    chunks.clear();
    return all;
  }

  @Override
  public synchronized void discard() {
    isDiscarded = true;
    finished.ifPresent(SpooledMessage::release);
    file.ifPresent(SpoolFile::delete);
    chunks.clear();
    freeMemory();
  }

  private synchronized void freeMemory() {
    spool.budget().giveBack(memoryBytes);
    memoryBytes = 0;
  }
}
