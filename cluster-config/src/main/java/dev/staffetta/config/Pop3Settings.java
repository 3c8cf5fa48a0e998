package dev.staffetta.config;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * POP3: the section {@code pop3}.
 *
 * @param maxLineLength of a command or SASL response, in bytes with its CRLF
 * @param maxErrors commands that are none, after which a session is closed
 * @param maxFailedLogins wrong passwords, after which a session is closed
 * @param loginTimeout how long a client may take to log in
 * @param idleTimeout how long a client that has logged in may say nothing
 */
public record Pop3Settings(
    int maxLineLength,
    int maxErrors,
    int maxFailedLogins,
    Duration loginTimeout,
    Duration idleTimeout) {
  private static final Duration SHORTEST_IDLE_TIMEOUT = Duration.ofMinutes(10);

  public Pop3Settings {
    if (maxLineLength < 255 || maxLineLength > 1 << 20) {
      throw new IllegalArgumentException(
          "must be from 255 (RFC 2449 4) to 1M, not " + maxLineLength + " bytes");
    }
    if (maxErrors < 1) {
      throw new IllegalArgumentException("must be at least 1, not " + maxErrors);
    }
    if (maxFailedLogins < 1) {
      throw new IllegalArgumentException("must be at least 1, not " + maxFailedLogins);
    }
    if (loginTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("must be at least 1s, not " + loginTimeout);
    }
    if (idleTimeout.compareTo(SHORTEST_IDLE_TIMEOUT) < 0) {
      throw new IllegalArgumentException("must be at least 10m (RFC 1939 3), not " + idleTimeout);
    }
  }

  /** Reads the section. */
  public static Pop3Settings from(Config section) {
    return new Pop3Settings(
        Math.toIntExact(section.getBytes("max-line-length")),
        section.getInt("max-errors"),
        section.getInt("max-failed-logins"),
        section.getDuration("login-timeout"),
        section.getDuration("idle-timeout"));
  }
}
