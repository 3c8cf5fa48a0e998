package dev.staffetta.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * When mail that could not be sent is tried again: the section {@code relay.schedule}.
 *
 * @param firstRetry pause after the first attempt; each later one is twice as long
 * @param lastRetry the longest pause
 * @param warnAfter when its sender is told of a delay
 * @param giveUpAfter when its sender is told that it failed
 * @param giveUpAfterByDomain where it is not that, by destination
 * @param traceDays how many days it is known what became of a message
 */
public record RelayScheduleSettings(
    Duration firstRetry,
    Duration lastRetry,
    Duration warnAfter,
    Duration giveUpAfter,
    Map<String, Duration> giveUpAfterByDomain,
    int traceDays) {
  public RelayScheduleSettings {
    if (firstRetry.toMillis() < 1 || lastRetry.compareTo(firstRetry) < 0) {
      throw new IllegalArgumentException(
          "first-retry is at least 1ms and at most last-retry, not " + firstRetry);
    }
    giveUpAfterByDomain = Map.copyOf(giveUpAfterByDomain);
  }

  /** When mail for a destination is given up. */
  public Duration giveUpAfter(String destination) {
    return giveUpAfterByDomain.getOrDefault(destination, giveUpAfter);
  }

  static RelayScheduleSettings from(Config section) {
    Map<String, Duration> byDomain = new HashMap<>();
    Config domains = section.getConfig("give-up-after-by-domain");
    domains
        .root()
        .keySet()
        .forEach(
            domain ->
                byDomain.put(
                    domain.toLowerCase(Locale.ROOT),
                    domains.getDuration(ConfigUtil.joinPath(domain))));
    return new RelayScheduleSettings(
        section.getDuration("first-retry"),
        section.getDuration("last-retry"),
        section.getDuration("warn-after"),
        section.getDuration("give-up-after"),
        byDomain,
        section.getInt("trace-days"));
  }
}
