package dev.staffetta.store;

import dev.staffetta.config.StoreSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Whether whole partitions that are to come to this node fit on its disk, beside those that are
 * already on their way. Safe for threads.
 */
final class DiskRoom {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final LongSupplier freeBytes;
  private final long keptFree;
  private final double factor;
  private final Duration pause;

  /** What is still to come, by who receives it; guarded by this. */
  private final Map<Object, Long> awaited = new HashMap<>();

  /**
   * On the disk of a node.
   *
   * @param freeBytes looks how many there are
   */
  DiskRoom(StoreSettings settings, LongSupplier freeBytes) {
    this(freeBytes, settings.disk().refuseBelowBytes(), settings.transfers().roomFactor(), PAUSE);
  }

  /** With a pause of another length. */
  DiskRoom(LongSupplier freeBytes, long keptFree, double factor, Duration pause) {
    this.freeBytes = freeBytes;
    this.keptFree = keptFree;
    this.factor = factor;
    this.pause = pause;
  }

  /** How long to wait before another look when there was none. */
  Duration pause() {
    return pause;
  }

  /** There is room for so many bytes of partitions, if nothing is on its way. */
  long bytes() {
    return roomIn(freeBytes.getAsLong());
  }

  private long roomIn(long free) {
    return (long) (Math.max(0, free - keptFree) / factor);
  }

  /**
   * Counts on what is still to come, if there is room for it.
   *
   * @param who receives it
   * @return why there is none
   */
  synchronized Optional<String> await(Object who, long bytes) {
    awaited.remove(who);
    long free = freeBytes.getAsLong();
    long others = awaited.values().stream().mapToLong(Long::longValue).sum();
    if (bytes + others > roomIn(free)) {
      return Optional.of(
          DiskWatch.mebibytes(bytes)
              + " are to come"
              + (others > 0 ? " beside " + DiskWatch.mebibytes(others) + " on their way" : "")
              + ", and the "
              + DiskWatch.mebibytes(free)
              + " that are free here have room for "
              + DiskWatch.mebibytes(roomIn(free))
              + " (store.disk.refuse-below-bytes, store.transfers.room-factor)");
    }
    awaited.put(who, bytes);
    return Optional.empty();
  }

  /** So much is still to come. */
  synchronized void left(Object who, long bytes) {
    awaited.computeIfPresent(who, (same, before) -> Math.max(0, bytes));
  }

  /** Nothing more comes. */
  synchronized void forget(Object who) {
    awaited.remove(who);
  }

  /** Whether new mail is refused: what comes from other nodes must not take the last room. */
  boolean isTight() {
    return freeBytes.getAsLong() < keptFree;
  }
}
