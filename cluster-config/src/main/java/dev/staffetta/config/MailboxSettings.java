package dev.staffetta.config;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Section {@code staffetta.mailboxes}. What each means and why its default is what it is stands in
 * {@code reference.conf}.
 *
 * @param maxMessages in one mailbox
 * @param maxCopied messages in one COPY
 * @param removedAtATime messages that an expunge or move takes in one write
 * @param flaggedAtATime messages whose flags change in one write
 * @param batchBytes about how much is gathered into one write
 * @param snapshotEvery so many changes
 * @param idleTimeout after which a mailbox that nobody uses leaves memory
 * @param remindAfter before an entity that does not answer is asked again
 * @param renewAfter before a session's subscription is renewed although nothing seems to have
 *     happened
 */
public record MailboxSettings(
    int maxMessages,
    int maxCopied,
    int removedAtATime,
    int flaggedAtATime,
    int batchBytes,
    int snapshotEvery,
    Duration idleTimeout,
    Duration remindAfter,
    Duration renewAfter) {

  public MailboxSettings {
    if (maxMessages < 1 || maxCopied < 1 || removedAtATime < 1 || flaggedAtATime < 1) {
      throw new IllegalArgumentException("must let at least 1 message through");
    }
    if (batchBytes < 1 || snapshotEvery < 1) {
      throw new IllegalArgumentException("must be at least 1");
    }
    if (idleTimeout.toMillis() < 1 || remindAfter.toMillis() < 1 || renewAfter.toMillis() < 1) {
      throw new IllegalArgumentException("must be at least 1ms");
    }
  }

  /** Reads the section. */
  public static MailboxSettings from(Config section) {
    return new MailboxSettings(
        section.getInt("max-messages"),
        section.getInt("max-copied"),
        section.getInt("removed-at-a-time"),
        section.getInt("flagged-at-a-time"),
        Math.toIntExact(section.getBytes("batch-bytes")),
        section.getInt("snapshot-every"),
        section.getDuration("idle-timeout"),
        section.getDuration("remind-after"),
        section.getDuration("renew-after"));
  }
}
