package dev.staffetta.relay;

/**
 * How many messages a minute a destination gets. Pure: time is an argument. Changed by its {@link
 * Destination} only.
 */
final class SendingRate {
  /** So much may be sent at once after a pause. */
  private static final long BURST_NANOS = 10_000_000_000L;

  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final long MILLI_NANOS = 1_000_000;

  /** Between two messages; 0: none. */
  private final long intervalNanos;

  /** When as much as is allowed has been sent, if nothing more is; since 1970. */
  private long spentUntilNanos;

  /**
   * So many a minute.
   *
   * @param messagesAMinute 0: any number
   */
  SendingRate(int messagesAMinute) {
    this.intervalNanos = messagesAMinute == 0 ? 0 : MINUTE_NANOS / messagesAMinute;
  }

  /** How long until the next may be sent; 0: now. */
  long waitMillis(long nowMillis) {
    long early =
        spentUntilNanos - nowMillis * MILLI_NANOS - Math.max(0, BURST_NANOS - intervalNanos);
    return intervalNanos == 0 || early <= 0 ? 0 : (early + MILLI_NANOS - 1) / MILLI_NANOS;
  }

  /** One is sent. */
  void take(long nowMillis) {
    spentUntilNanos = Math.max(spentUntilNanos, nowMillis * MILLI_NANOS) + intervalNanos;
  }

  /** Whether a fresh one would allow the same. */
  boolean isFresh(long nowMillis) {
    return intervalNanos == 0 || spentUntilNanos <= nowMillis * MILLI_NANOS;
  }
}
