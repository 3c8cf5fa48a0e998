package dev.staffetta.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * When mail that could not be sent is tried again: the section {@code relay.schedule}.
 *
 * @param probeAfter the first pause of a destination that failed
 * @param usual of all destinations that have none of their own
 * @param byDomain by domain, lower-case; {@code .example.net}: all below it
 * @param traceDays how many days it is known what became of a message
 */
public record RelayScheduleSettings(
    Duration probeAfter, Pauses usual, Map<String, Pauses> byDomain, int traceDays) {
  private static final String KEYS = "first-retry, last-retry, warn-after, give-up-after";

  public RelayScheduleSettings {
    if (probeAfter.toMillis() < 1) {
      throw new IllegalArgumentException("probe-after must be at least 1ms, not " + probeAfter);
    }
    if (traceDays < 0) {
      throw new IllegalArgumentException("trace-days must be at least 0, not " + traceDays);
    }
    byDomain = Map.copyOf(byDomain);
  }

  /**
   * For a destination.
   *
   * @param firstRetry pause after the first attempt; each later one is twice as long
   * @param lastRetry the longest pause
   * @param warnAfter when the sender is told of a delay
   * @param giveUpAfter when the sender is told that it failed
   */
  public record Pauses(
      Duration firstRetry, Duration lastRetry, Duration warnAfter, Duration giveUpAfter) {
    public Pauses {
      if (firstRetry.toMillis() < 1) {
        throw new IllegalArgumentException("first-retry must be at least 1ms, not " + firstRetry);
      }
      if (lastRetry.compareTo(firstRetry) < 0) {
        throw new IllegalArgumentException(
            "last-retry must be at least first-retry (" + firstRetry + "), not " + lastRetry);
      }
      if (warnAfter.isNegative() || warnAfter.isZero()) {
        throw new IllegalArgumentException("warn-after must be above 0, not " + warnAfter);
      }
      if (giveUpAfter.isNegative() || giveUpAfter.isZero()) {
        throw new IllegalArgumentException("give-up-after must be above 0, not " + giveUpAfter);
      }
    }
  }

  /** What a destination is tried by. */
  public Pauses of(String destination) {
    return KeyedSections.find(byDomain, destination).orElse(usual);
  }

  static RelayScheduleSettings from(Config section) {
    Pauses usual = pauses(section);
    if (usual.giveUpAfter().compareTo(usual.warnAfter()) < 0) {
      throw new IllegalArgumentException(
          "give-up-after must be at least warn-after ("
              + usual.warnAfter()
              + "), not "
              + usual.giveUpAfter());
    }
    Map<String, Pauses> byDomain = new TreeMap<>();
    KeyedSections.of(section.getObject("by-domain"), "schedule", KEYS)
        .forEach((domain, own) -> byDomain.put(domain, own(domain, own, section)));
    return new RelayScheduleSettings(
        section.getDuration("probe-after"), usual, byDomain, section.getInt("trace-days"));
  }

  private static Pauses pauses(Config section) {
    return new Pauses(
        section.getDuration("first-retry"),
        section.getDuration("last-retry"),
        section.getDuration("warn-after"),
        section.getDuration("give-up-after"));
  }

  /** What it does not have is the usual. */
  private static Pauses own(String domain, Config own, Config usual) {
    try {
      Pauses pauses = pauses(own.withFallback(usual));
      boolean isWarningAfterEnd = pauses.giveUpAfter().compareTo(pauses.warnAfter()) < 0;
      if (isWarningAfterEnd && own.hasPath("warn-after")) {
        throw new IllegalArgumentException(
            "give-up-after must be at least warn-after (" + pauses.warnAfter() + ")");
      }
      return pauses;
    } catch (IllegalArgumentException | ConfigException e) {
      throw new IllegalArgumentException(
          "the schedule of '" + domain + "' is wrong: " + e.getMessage(), e);
    }
  }
}
