package dev.staffetta.config;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * IMAP's limits: the section {@code imap}.
 *
 * @param maxLineInBytes the longest line of a command, without its line end
 * @param maxCommandInBytes the longest command with its literals, but for APPEND's message
 * @param maxCommandBeforeLoginInBytes the same for a client that has not logged in
 * @param maxMessageInBytes the largest message that APPEND takes
 * @param maxBadCommands how many commands in a row may be no IMAP before the connection is closed
 * @param maxFailedLogins how many logins may fail before the connection is closed
 * @param loginTimeout how long a client may take to log in
 * @param autologout how long a client may say nothing (RFC 9051 5.4)
 * @param idleTimeout how long an IDLE may last (RFC 2177 3)
 * @param viewTimeout how long a reply waits for the session to hear of its own change
 */
public record ImapSettings(
    int maxLineInBytes,
    int maxCommandInBytes,
    int maxCommandBeforeLoginInBytes,
    long maxMessageInBytes,
    int maxBadCommands,
    int maxFailedLogins,
    Duration loginTimeout,
    Duration autologout,
    Duration idleTimeout,
    Duration viewTimeout) {
  private static final Duration LEAST_AUTOLOGOUT = Duration.ofMinutes(30);

  public ImapSettings {
    if (maxLineInBytes < 8192 || maxLineInBytes > maxCommandInBytes) {
      throw new IllegalArgumentException(
          "max-line-size must be from 8k (RFC 7162 4) to max-command-size, not " + maxLineInBytes);
    }
    if (maxCommandInBytes > 16 << 20) {
      throw new IllegalArgumentException(
          "max-command-size must be at most 16M, for it is held in memory, not "
              + maxCommandInBytes);
    }
    if (maxCommandBeforeLoginInBytes < 1024 || maxCommandBeforeLoginInBytes > maxCommandInBytes) {
      throw new IllegalArgumentException(
          "max-command-size-before-login must be from 1k to max-command-size, not "
              + maxCommandBeforeLoginInBytes);
    }
    if (maxMessageInBytes < 1024 || maxMessageInBytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "max-message-size must be from 1k to 2047M, not " + maxMessageInBytes);
    }
    if (maxBadCommands < 1 || maxFailedLogins < 1) {
      throw new IllegalArgumentException(
          "max-bad-commands and max-failed-logins must be at least 1, not "
              + maxBadCommands
              + " and "
              + maxFailedLogins);
    }
    if (loginTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("login-timeout must be at least 1s, not " + loginTimeout);
    }
    if (autologout.compareTo(LEAST_AUTOLOGOUT) < 0 || idleTimeout.compareTo(LEAST_AUTOLOGOUT) < 0) {
      throw new IllegalArgumentException(
          "autologout and idle-timeout must be at least 30m (RFC 9051 5.4), not "
              + autologout
              + " and "
              + idleTimeout);
    }
    if (viewTimeout.compareTo(Duration.ofMillis(100)) < 0) {
      throw new IllegalArgumentException("view-timeout must be at least 100ms, not " + viewTimeout);
    }
  }

  /** Reads the section. */
  public static ImapSettings from(Config section) {
    return new ImapSettings(
        Math.toIntExact(section.getBytes("max-line-size")),
        Math.toIntExact(section.getBytes("max-command-size")),
        Math.toIntExact(section.getBytes("max-command-size-before-login")),
        section.getBytes("max-message-size"),
        section.getInt("max-bad-commands"),
        section.getInt("max-failed-logins"),
        section.getDuration("login-timeout"),
        section.getDuration("autologout"),
        section.getDuration("idle-timeout"),
        section.getDuration("view-timeout"));
  }
}
