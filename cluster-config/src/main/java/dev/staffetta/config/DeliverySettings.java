package dev.staffetta.config;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Section {@code staffetta.delivery}. What each means and why its default is what it is stands in
 * {@code reference.conf}.
 *
 * @param postmaster account for mail to postmaster where a domain has none; empty: see there
 * @param attempt how long to wait for one answer of an entity
 * @param deadline for all attempts of one request
 * @param pause between two attempts
 * @param parallel mailboxes that one message is placed in at a time
 * @param forwardingKey by which senders of forwarded mail are rewritten; empty: they are not
 * @param maxReturnedBytes of a message that comes back whole with its report
 */
public record DeliverySettings(
    String postmaster,
    Duration attempt,
    Duration deadline,
    Duration pause,
    int parallel,
    String forwardingKey,
    int maxReturnedBytes,
    Spool spool) {

  private static final int LEAST_KEY = 16;

  public DeliverySettings {
    if (!postmaster.isEmpty() && !postmaster.matches("[^@\\s]+@[^@\\s]+")) {
      throw new IllegalArgumentException(
          "must be an address such as postmaster@example.com, not '" + postmaster + "'");
    }
    if (attempt.toMillis() < 1 || pause.toMillis() < 1 || deadline.compareTo(attempt) < 0) {
      throw new IllegalArgumentException(
          "must be at least 1ms, the deadline no less than an attempt");
    }
    if (!forwardingKey.isEmpty() && forwardingKey.length() < LEAST_KEY) {
      throw new IllegalArgumentException(
          "must have at least "
              + LEAST_KEY
              + " characters, or none, not "
              + forwardingKey.length());
    }
    if (maxReturnedBytes < 0) {
      throw new IllegalArgumentException("must be at least 0, not " + maxReturnedBytes);
    }
    if (parallel < 1) {
      throw new IllegalArgumentException("must be at least 1, not " + parallel);
    }
  }

  /**
   * Section {@code spool}.
   *
   * @param memoryBytes of a message up to which it waits in memory
   * @param budgetBytes of memory for all messages that wait
   */
  public record Spool(int memoryBytes, long budgetBytes) {}

  /** Reads the section. */
  public static DeliverySettings from(Config section) {
    Config spool = section.getConfig("spool");
    return new DeliverySettings(
        section.getString("postmaster"),
        section.getDuration("attempt"),
        section.getDuration("deadline"),
        section.getDuration("pause"),
        section.getInt("parallel"),
        section.getString("forwarding-key"),
        Math.toIntExact(section.getBytes("max-returned-bytes")),
        new Spool(Math.toIntExact(spool.getBytes("memory-bytes")), spool.getBytes("budget-bytes")));
  }
}
