package dev.staffetta.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A message's file: written in order, one piece after the other, where it may block. Not synced: it
 * is of no use after a crash.
 */
final class SpoolFile {
  private static final Logger log = LoggerFactory.getLogger(SpoolFile.class);

  private final Path path;
  private final Executor blocking;

  /** The last thing to be done so far; guarded by this. */
  private CompletionStage<FileChannel> last;

  private boolean isDeleted;

  SpoolFile(Path path, Executor blocking) {
    this.path = path;
    this.blocking = blocking;
    this.last =
        CompletableFuture.supplyAsync(
            () ->
                io(
                    () ->
                        FileChannel.open(
                            path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)),
            blocking);
  }

  Path path() {
    return path;
  }

  /** Writes chunks behind what was written; completes when they are. */
  synchronized CompletionStage<Void> append(List<ByteString> chunks) {
    last =
        last.thenApplyAsync(
            channel ->
                io(
                    () -> {
                      for (ByteString chunk : chunks) {
                        for (ByteBuffer buffer : chunk.getByteBuffers()) {
                          while (buffer.hasRemaining()) {
                            channel.write(buffer);
                          }
                        }
                      }
                      return channel;
                    }),
            blocking);
    return last.thenAccept(channel -> {});
  }

  /** Closes the file; it can be read then. */
  synchronized CompletionStage<Void> finish() {
    last = last.thenApplyAsync(SpoolFile::close, blocking);
    return last.thenAccept(channel -> {});
  }

  /** Closes the file after what is being written, and deletes it. May be called twice. */
  synchronized void delete() {
    if (isDeleted) {
      return;
    }
    isDeleted = true;
    last =
        last.whenCompleteAsync(
            (channel, failure) -> {
              if (channel != null) {
                close(channel);
              }
              try {
                Files.deleteIfExists(path);
              } catch (IOException e) {
                log.warn("Cannot delete {}; it goes with the next start", path, e);
              }
            },
            blocking);
  }

  private static FileChannel close(FileChannel channel) {
    return io(
        () -> {
          channel.close();
          return channel;
        });
  }

  private interface Io<T> {
    T run() throws IOException;
  }

  private static <T> T io(Io<T> action) {
    try {
      return action.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
