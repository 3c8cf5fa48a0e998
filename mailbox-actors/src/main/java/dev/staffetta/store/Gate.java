package dev.staffetta.store;

import java.util.concurrent.TimeUnit;

/**
 * Counts who is inside, so that what they use is closed only behind the last. The native LevelDB
 * kills the process when it is used after it was closed.
 */
final class Gate {
  private int inside;
  private boolean closed;

  /** Lets the caller in; every entry needs one {@link #leave}. */
  synchronized void enter() {
    if (closed) {
      throw new StoreException("the partition is closed");
    }
    inside++;
  }

  synchronized void leave() {
    if (--inside == 0) {
      notifyAll();
    }
  }

  /**
   * Lets nobody in any more and waits for those inside.
   *
   * @return whether nobody is inside any more
   */
  synchronized boolean close(long time, TimeUnit unit) {
    closed = true;
    long deadline = System.nanoTime() + unit.toNanos(time);
    boolean interrupted = false;
    while (inside > 0) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return inside == 0;
  }
}
