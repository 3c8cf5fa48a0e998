package dev.staffetta.store;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Spreads bytes over time: whoever has some is told how long to wait with them. What was not used
 * is not saved up, so that a pause is not followed by a burst.
 */
final class Throttle {
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long bytesPerSecond;
  private final LongSupplier nanoTime;

  /** When all that was let through so far is gone; guarded by this, as is the next. */
  private long free;

  private boolean used;

  Throttle(long bytesPerSecond, LongSupplier nanoTime) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
  }

  /** How many nanoseconds to wait before these bytes may go. */
  synchronized long delayNanos(long bytes) {
    long now = nanoTime.getAsLong();
    if (!used || free - now < 0) {
      free = now;
    }
    used = true;
    long delay = free - now;
    free += (long) (bytes * NANOS_PER_SECOND / bytesPerSecond);
    return delay;
  }
}
