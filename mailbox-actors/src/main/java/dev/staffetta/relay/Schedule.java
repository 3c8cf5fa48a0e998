package dev.staffetta.relay;

import dev.staffetta.config.RelayScheduleSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

/** When what failed is tried again. Pure: time and chance are arguments. */
record Schedule(RelayScheduleSettings settings) {
  /** A tenth up or down, so that what failed together is not tried together. */
  private static final double JITTER = 0.2;

  private static final int MOST_DOUBLINGS = 30;

  /**
   * @param failures so far, at least one
   * @param random from 0 to 1
   */
  Duration pause(int failures, DoubleSupplier random) {
    long first = settings.firstRetry().toMillis();
    long last = settings.lastRetry().toMillis();
    long grown = Math.min(last, first << Math.min(MOST_DOUBLINGS, failures - 1));
    return Duration.ofMillis((long) (grown * (1 - JITTER / 2 + JITTER * random.getAsDouble())));
  }

  /** When a message is given up. */
  Instant end(String destination, Instant accepted) {
    return accepted.plus(settings.giveUpAfter(destination));
  }

  /** The next attempt: after the pause, but once more at the end. */
  Instant next(
      String destination, int failures, Instant accepted, Instant now, DoubleSupplier random) {
    Instant next = now.plus(pause(failures, random));
    Instant end = end(destination, accepted);
    return next.isAfter(end) && now.isBefore(end) ? end : next;
  }

  boolean isGivenUp(String destination, Instant accepted, Instant now) {
    return !now.isBefore(end(destination, accepted));
  }

  /** Whether the sender is to hear that it takes long. */
  boolean isLate(Instant accepted, Instant now) {
    return !now.isBefore(accepted.plus(settings.warnAfter()));
  }
}
