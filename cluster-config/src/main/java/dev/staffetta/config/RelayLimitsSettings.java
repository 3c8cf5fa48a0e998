package dev.staffetta.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much is sent at a time: the section {@code relay.limits}.
 *
 * @param connections of a node to all servers
 * @param usual of all destinations that have none of their own
 * @param byDomain by domain, lower-case; {@code .example.net}: all below it
 * @param idle how long a connection stays open without a message
 */
public record RelayLimitsSettings(
    int connections, OfDestination usual, Map<String, OfDestination> byDomain, Duration idle) {
  private static final String KEYS =
      "connections-to-hosts, messages-a-connection, messages-a-minute";

  public RelayLimitsSettings {
    if (connections < 4) {
      throw new IllegalArgumentException("connections must be at least 4, not " + connections);
    }
    if (idle.toMillis() < 1) {
      throw new IllegalArgumentException("idle-timeout must be at least 1ms, not " + idle);
    }
    byDomain = Map.copyOf(byDomain);
  }

  /**
   * For a destination.
   *
   * @param connectionsToHosts to the hosts that serve it
   * @param messagesAConnection before it is closed
   * @param messagesAMinute over all connections; 0: any number
   */
  public record OfDestination(
      int connectionsToHosts, int messagesAConnection, int messagesAMinute) {
    public OfDestination {
      if (connectionsToHosts < 1) {
        throw new IllegalArgumentException(
            "connections-to-hosts must be at least 1, not " + connectionsToHosts);
      }
      if (messagesAConnection < 1) {
        throw new IllegalArgumentException(
            "messages-a-connection must be at least 1, not " + messagesAConnection);
      }
      if (messagesAMinute < 0) {
        throw new IllegalArgumentException(
            "messages-a-minute must be at least 0, not " + messagesAMinute);
      }
    }
  }

  /** What a destination is sent. */
  public OfDestination of(String destination) {
    return KeyedSections.find(byDomain, destination).orElse(usual);
  }

  static RelayLimitsSettings from(Config section) {
    Map<String, OfDestination> byDomain = new TreeMap<>();
    KeyedSections.of(section.getObject("by-domain"), "limits", KEYS)
        .forEach((domain, own) -> byDomain.put(domain, own(domain, own, section)));
    return new RelayLimitsSettings(
        section.getInt("connections"),
        limits(section),
        byDomain,
        section.getDuration("idle-timeout"));
  }

  private static OfDestination limits(Config section) {
    return new OfDestination(
        section.getInt("connections-to-hosts"),
        section.getInt("messages-a-connection"),
        section.getInt("messages-a-minute"));
  }

  /** What it does not have is the usual. */
  private static OfDestination own(String domain, Config own, Config usual) {
    try {
      return limits(own.withFallback(usual));
    } catch (IllegalArgumentException | ConfigException e) {
      throw new IllegalArgumentException(
          "the limits of '" + domain + "' are wrong: " + e.getMessage(), e);
    }
  }
}
