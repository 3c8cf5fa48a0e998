package dev.staffetta.config;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the node listens on: the section {@code listeners}.
 *
 * @param services every service has its listener, be it disabled
 * @param maxConnections open at a time on all listeners together
 * @param maxConnectionsPerAddress open at a time from one address (of IPv6, one /64 network);
 *     loopback is not counted
 * @param backlog connections that the operating system holds until they are accepted
 * @param sendBufferInBytes what the operating system holds for a client that does not read
 * @param writeTimeout after which a client that does not read is disconnected
 * @param lingerTimeout how long a client may take to close after the server did
 */
public record ListenersSettings(
    Map<Service, ListenerSettings> services,
    int maxConnections,
    int maxConnectionsPerAddress,
    int backlog,
    int sendBufferInBytes,
    Duration writeTimeout,
    Duration lingerTimeout) {
  private static final int SMALLEST_BUFFER_IN_BYTES = 4096;
  private static final int LARGEST_BUFFER_IN_BYTES = 16 << 20;

  public ListenersSettings {
    services = Collections.unmodifiableMap(new EnumMap<>(services));
    if (maxConnections < 1 || maxConnectionsPerAddress < 1) {
      throw new IllegalArgumentException("must be at least 1 connection");
    }
    if (backlog < 1 || backlog > 65_535) {
      throw new IllegalArgumentException("must be from 1 to 65535, not " + backlog);
    }
    if (sendBufferInBytes < SMALLEST_BUFFER_IN_BYTES
        || sendBufferInBytes > LARGEST_BUFFER_IN_BYTES) {
      throw new IllegalArgumentException(
          "must be from 4k to 16M, not " + sendBufferInBytes + " bytes");
    }
    if (writeTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("must be at least 1s, not " + writeTimeout);
    }
    if (lingerTimeout.isNegative()) {
      throw new IllegalArgumentException("must not be negative, but is " + lingerTimeout);
    }
  }

  /** Reads the section. */
  public static ListenersSettings from(Config section) {
    Map<Service, ListenerSettings> services = new EnumMap<>(Service.class);
    for (Service service : Service.values()) {
      services.put(service, ListenerSettings.from(section.getConfig(service.key())));
    }
    return new ListenersSettings(
        services,
        section.getInt("max-connections"),
        section.getInt("max-connections-per-address"),
        section.getInt("backlog"),
        (int) Math.min(Integer.MAX_VALUE, section.getBytes("send-buffer")),
        section.getDuration("write-timeout"),
        section.getDuration("linger-timeout"));
  }
}
