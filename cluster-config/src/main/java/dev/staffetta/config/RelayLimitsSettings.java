package dev.staffetta.config;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How much is sent at a time: the section {@code relay.limits}.
 *
 * @param connections of a node to all servers
 * @param connectionsToHosts of a node to the hosts that serve the same domains
 * @param messagesAConnection before it is closed
 * @param idle how long a connection stays open without a message
 */
public record RelayLimitsSettings(
    int connections, int connectionsToHosts, int messagesAConnection, Duration idle) {
  public RelayLimitsSettings {
    if (connections < 4 || connectionsToHosts < 1 || messagesAConnection < 1) {
      throw new IllegalArgumentException(
          "must be at least 4 connections, 1 to the same hosts, and 1 message a connection");
    }
  }

  static RelayLimitsSettings from(Config section) {
    return new RelayLimitsSettings(
        section.getInt("connections"),
        section.getInt("connections-to-hosts"),
        section.getInt("messages-a-connection"),
        section.getDuration("idle-timeout"));
  }
}
