package dev.staffetta.store.content;

import dev.staffetta.ports.Refusal;
import dev.staffetta.store.KeyRange;
import dev.staffetta.store.Reader;
import dev.staffetta.store.Scan;
import dev.staffetta.store.Store;
import dev.staffetta.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Values of contents' keys from wherever they are. They never change, so this node's own replica is
 * as good as any; what it lacks (it may be behind, or there is none) the partition's leader is
 * asked for, who has all that was acknowledged.
 */
final class ContentValues {
  /** Heads in one question to the leader: some KB each. */
  static final int HEADS_AT_ONCE = 64;

  /** Chunks in one question to the leader: half a megabyte. */
  static final int CHUNKS_AT_ONCE = 8;

  private final Store store;

  ContentValues(Store store) {
    this.store = store;
  }

  /**
   * Reads from this node's replica, if there is one.
   *
   * @return the result; empty when the replica lacks something of it, or cannot be read now
   */
  <T> CompletionStage<Optional<T>> here(int partition, Function<Reader, T> reading) {
    if (!store.hasReplica(partition)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return store
        .read(partition, reader -> Optional.of(reading.apply(reader)))
        .exceptionallyCompose(
            failure -> {
              Throwable cause = cause(failure);
              return isNotHere(cause)
                  ? CompletableFuture.completedFuture(Optional.empty())
                  : CompletableFuture.failedFuture(cause);
            });
  }

  /** Closing, being put into its place, behind, not there: another replica may do. */
  private static boolean isNotHere(Throwable cause) {
    return cause instanceof StoreException
        || (cause instanceof Refusal refusal
            && (refusal.code() == Refusal.Code.NONEXISTENT
                || refusal.code() == Refusal.Code.UNAVAILABLE));
  }

  /**
   * Collects the values of keys from here and from the leader; a key that has none anywhere is left
   * out.
   *
   * @param atOnce in one question to the leader
   */
  CompletionStage<Collected> collect(int partition, List<byte[]> keys, int atOnce, Collected into) {
    return here(partition, reader -> keys.stream().map(reader::get).toList())
        .thenCompose(
            found -> {
              List<byte[]> missing = new ArrayList<>();
              for (int i = 0; i < keys.size(); i++) {
                Optional<byte[]> value = found.isPresent() ? found.get().get(i) : Optional.empty();
                if (value.isPresent()) {
                  into.put(keys.get(i), value.get());
                } else {
                  missing.add(keys.get(i));
                }
              }
              return collectAtLeader(partition, missing, atOnce, into);
            });
  }

  private CompletionStage<Collected> collectAtLeader(
      int partition, List<byte[]> keys, int atOnce, Collected into) {
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(into);
    }
    List<byte[]> now = keys.subList(0, Math.min(atOnce, keys.size()));
    return store
        .getAtLeader(partition, now)
        .thenCompose(
            values -> {
              for (int i = 0; i < now.size(); i++) {
                byte[] key = now.get(i);
                values.get(i).ifPresent(value -> into.put(key, value));
              }
              return collectAtLeader(
                  partition, keys.subList(now.size(), keys.size()), atOnce, into);
            });
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** Values that came together, to be read as from a replica. Of one thread at a time. */
  static final class Collected implements Reader {
    private final Map<ByteBuffer, byte[]> values = new HashMap<>();

    private void put(byte[] key, byte[] value) {
      values.put(ByteBuffer.wrap(key), value);
    }

    @Override
    public Optional<byte[]> get(byte[] key) {
      return Optional.ofNullable(values.get(ByteBuffer.wrap(key)));
    }

    @Override
    public Scan scan(KeyRange range) {
      throw new UnsupportedOperationException("only values of single keys came together");
    }
  }
}
