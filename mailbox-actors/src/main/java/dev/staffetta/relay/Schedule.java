package dev.staffetta.relay;

import dev.staffetta.config.RelayScheduleSettings;
import dev.staffetta.config.RelayScheduleSettings.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

/** When what failed is tried again. Pure: time and chance, from 0 to 1, are arguments. */
record Schedule(RelayScheduleSettings settings) {
  /** A tenth up or down, so that what failed together is not tried together. */
  static final double JITTER = 0.2;

  private static final int MOST_DOUBLINGS = 30;

  /**
   * Of a message.
   *
   * @param failures so far, at least one
   */
  Duration pause(String destination, int failures, DoubleSupplier random) {
    Pauses pauses = settings.of(destination);
    return grown(pauses.firstRetry(), pauses.lastRetry(), failures, random);
  }

  /**
   * Of a destination: shorter at first than a message's, since one connection tells for all.
   *
   * @param failures so far, at least one
   */
  Duration rest(String destination, int failures, DoubleSupplier random) {
    Pauses pauses = settings.of(destination);
    boolean isShorter = settings.probeAfter().compareTo(pauses.firstRetry()) < 0;
    Duration first = isShorter ? settings.probeAfter() : pauses.firstRetry();
    return grown(first, pauses.lastRetry(), failures, random);
  }

  /** Until a destination is tried of which it is not known whether it failed. */
  Duration look(String destination, DoubleSupplier random) {
    Duration first = rest(destination, 1, () -> 0.5);
    return Duration.ofMillis((long) (first.toMillis() * random.getAsDouble()));
  }

  private static Duration grown(
      Duration firstPause, Duration lastPause, int failures, DoubleSupplier random) {
    long first = firstPause.toMillis();
    long last = lastPause.toMillis();
    int doublings = Math.min(MOST_DOUBLINGS, failures - 1);
    long grown = first > last >> doublings ? last : first << doublings;
    return Duration.ofMillis((long) (grown * (1 - JITTER / 2 + JITTER * random.getAsDouble())));
  }

  /** When a message is given up. */
  Instant end(String destination, Instant accepted) {
    return accepted.plus(settings.of(destination).giveUpAfter());
  }

  /** The next attempt: after the pause, but once more at the end. */
  Instant next(
      String destination, int failures, Instant accepted, Instant now, DoubleSupplier random) {
    Instant next = now.plus(pause(destination, failures, random));
    Instant end = end(destination, accepted);
    return next.isAfter(end) && now.isBefore(end) ? end : next;
  }

  boolean isGivenUp(String destination, Instant accepted, Instant now) {
    return !now.isBefore(end(destination, accepted));
  }

  /** Whether the sender is to hear that it takes long. */
  boolean isLate(String destination, Instant accepted, Instant now) {
    return !now.isBefore(accepted.plus(settings.of(destination).warnAfter()));
  }
}
