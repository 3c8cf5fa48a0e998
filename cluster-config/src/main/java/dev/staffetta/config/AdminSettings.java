package dev.staffetta.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Administration over HTTP: the section {@code admin}.
 *
 * @param host address to listen on
 * @param port 0: one that the system chooses
 * @param tokenFile holds the bearer token; made with a random one when it is missing
 * @param maxRequestSizeInBytes of any request
 * @param maxConnections open at a time
 * @param idleTimeout after which a silent connection is closed
 * @param metrics for monitoring
 */
public record AdminSettings(
    String host,
    int port,
    Path tokenFile,
    long maxRequestSizeInBytes,
    int maxConnections,
    Duration idleTimeout,
    Metrics metrics) {

  /**
   * What monitoring reads: the section {@code admin.metrics}.
   *
   * @param tokenFile holds the bearer token; made with a random one when it is missing
   * @param destinations of other servers that are told of by name
   */
  public record Metrics(Path tokenFile, int destinations) {
    public Metrics {
      if (destinations < 0 || destinations > 1000) {
        throw new IllegalArgumentException(
            "destinations must be from 0 to 1000, not " + destinations);
      }
    }

    static Metrics from(Config section) {
      return new Metrics(Path.of(section.getString("token-file")), section.getInt("destinations"));
    }
  }

  public AdminSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("must be an address such as 127.0.0.1");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("must be a port from 0 to 65535, not " + port);
    }
    if (maxRequestSizeInBytes < 1024 || maxRequestSizeInBytes > 16 << 20) {
      throw new IllegalArgumentException(
          "must be from 1k to 16M, not " + maxRequestSizeInBytes + " bytes");
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException("must be at least 1, not " + maxConnections);
    }
    if (idleTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("must be at least 1s, not " + idleTimeout);
    }
  }

  /** Reads the section. */
  public static AdminSettings from(Config section) {
    return new AdminSettings(
        section.getString("host"),
        section.getInt("port"),
        Path.of(section.getString("token-file")),
        section.getBytes("max-request-size"),
        section.getInt("max-connections"),
        section.getDuration("idle-timeout"),
        Metrics.from(section.getConfig("metrics")));
  }
}
