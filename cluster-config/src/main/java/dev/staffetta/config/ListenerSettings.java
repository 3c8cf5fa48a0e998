package dev.staffetta.config;

import com.typesafe.config.Config;

/**
 * One listener: a section below {@code listeners}.
 *
 * @param enabled whether it listens at all
 * @param address an address of this machine; {@code 0.0.0.0}: all, IPv6 included
 * @param port 0: one that the system chooses
 * @param maxConnections open at a time; one more is refused
 */
public record ListenerSettings(boolean enabled, String address, int port, int maxConnections) {
  public ListenerSettings {
    if (address.isBlank()) {
      throw new IllegalArgumentException("must be an address such as 0.0.0.0 or 127.0.0.1");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("must be a port from 0 to 65535, not " + port);
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException("must be at least 1, not " + maxConnections);
    }
  }

  /** Reads the section. */
  public static ListenerSettings from(Config section) {
    return new ListenerSettings(
        section.getBoolean("enabled"),
        section.getString("address"),
        section.getInt("port"),
        section.getInt("max-connections"));
  }
}
