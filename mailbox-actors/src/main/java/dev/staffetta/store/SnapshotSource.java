package dev.staffetta.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.staffetta.store.proto.SnapshotChunk;
import dev.staffetta.store.proto.SnapshotReply;
import dev.staffetta.store.proto.SnapshotRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a replica gives to others that ask for all it has. The leader does, and whoever led when a
 * transfer began: what was applied is the same everywhere.
 *
 * <p>Runs on the threads for transfers, so that neither Ratis' threads nor the writers wait.
 */
final class SnapshotSource {
  private static final Logger log = LoggerFactory.getLogger(SnapshotSource.class);

  private final String name;
  private final SnapshotTransfers transfers;
  private final Supplier<LevelStore> level;

  /**
   * For how long after it sent something the log is kept: whoever fetched it needs what came since.
   */
  private static final long LOG_KEPT_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** When it last sent something; guarded by this. */
  private Optional<Long> lastSentNanos = Optional.empty();

  /** Guarded by this, like all that is in them. */
  private final Map<ByteString, Running> running = new HashMap<>();

  private static final class Running {
    private final SnapshotCursor cursor;
    private long lastUsedNanos = System.nanoTime();

    /** Whether it counts among those that may be under way: until its last chunk is read. */
    private boolean counts = true;

    Running(SnapshotCursor cursor) {
      this.cursor = cursor;
    }
  }

  SnapshotSource(String name, SnapshotTransfers transfers, Supplier<LevelStore> level) {
    this.name = name;
    this.transfers = transfers;
    this.level = level;
  }

  /**
   * Answers a {@link SnapshotRequest} with a {@link SnapshotReply}, as fast as may be sent.
   *
   * @return fails when the request cannot be understood or the replica cannot be read
   */
  CompletableFuture<byte[]> answer(ByteBuffer request) {
    SnapshotRequest asked;
    try {
      asked = SnapshotRequest.parseFrom(request);
    } catch (InvalidProtocolBufferException e) {
      return CompletableFuture.failedFuture(e);
    }
    return transfers
        .send(() -> answer(asked))
        .thenCompose(
            reply -> transfers.paced(reply.toByteArray(), reply.getChunk().getPairs().size()));
  }

  /** Whether somebody fetches the replica, or may still be busy with the log behind it. */
  synchronized boolean keepsLog() {
    return lastSentNanos.filter(at -> System.nanoTime() - at < LOG_KEPT_NANOS).isPresent();
  }

  private synchronized SnapshotReply answer(SnapshotRequest asked) {
    ByteString id = asked.getTransfer();
    Running transfer = running.get(id);
    if (transfer == null) {
      if (asked.getNumber() != 0) {
        return SnapshotReply.newBuilder().setUnknown(true).build();
      }
      if (!transfers.tryBegin()) {
        return SnapshotReply.newBuilder().setBusy(true).build();
      }
      transfer = begin(id);
    }
    transfer.lastUsedNanos = System.nanoTime();
    lastSentNanos = Optional.of(transfer.lastUsedNanos);
    Optional<SnapshotChunk> chunk;
    try {
      chunk = transfer.cursor.chunk(asked.getNumber());
    } catch (RuntimeException e) {
      end(id);
      throw e;
    }
    if (chunk.isPresent() && chunk.get().getLast()) {
      // Only the last chunk may still be asked for again.
      transfer.cursor.endScan();
      discount(transfer);
    }
    return chunk
        .map(c -> SnapshotReply.newBuilder().setChunk(c).build())
        .orElseGet(
            () -> {
              end(id);
              return SnapshotReply.newBuilder().setUnknown(true).build();
            });
  }

  private Running begin(ByteString id) {
    try {
      Running transfer = new Running(new SnapshotCursor(level.get(), transfers.chunkBytes()));
      running.put(id, transfer);
      transfers.after(transfers.cursorPatience(), () -> endIfIdle(id));
      log.info("{}: another node begins to fetch it from here", name);
      return transfer;
    } catch (RuntimeException | Error e) {
      transfers.end();
      throw e;
    }
  }

  private synchronized void endIfIdle(ByteString id) {
    Running transfer = running.get(id);
    if (transfer == null) {
      return;
    }
    long leftNanos =
        transfers.cursorPatience().toNanos() - (System.nanoTime() - transfer.lastUsedNanos);
    if (leftNanos <= 0) {
      end(id);
    } else {
      transfers.after(Duration.ofNanos(leftNanos), () -> endIfIdle(id));
    }
  }

  private void end(ByteString id) {
    Running transfer = running.remove(id);
    if (transfer != null) {
      transfer.cursor.close();
      discount(transfer);
    }
  }

  private void discount(Running transfer) {
    if (transfer.counts) {
      transfer.counts = false;
      transfers.end();
    }
  }

  /** Ends all that is under way: before LevelDB is closed. May be used again afterwards. */
  synchronized void endAll() {
    for (ByteString id : List.copyOf(running.keySet())) {
      end(id);
    }
  }
}
