package dev.staffetta.nemesis.history;

import java.util.Locale;

/**
 * From when something was asked for until its answer was there, by one clock for all clients.
 *
 * @param began nanoseconds since the history's start
 * @param ended the same
 */
public record Span(long began, long ended) {
  /** Later than anything. */
  public static final long NEVER = Long.MAX_VALUE;

  @Override
  public String toString() {
    return seconds(began) + " to " + seconds(ended);
  }

  private static String seconds(long nanos) {
    return nanos == NEVER ? "never" : String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
  }
}
