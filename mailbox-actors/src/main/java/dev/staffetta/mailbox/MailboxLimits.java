package dev.staffetta.mailbox;

import dev.staffetta.config.MailboxSettings;

/**
 * How much at a time.
 *
 * @param messages in a mailbox
 * @param copied messages in one copy, which is all or none
 * @param removed messages in one expunge or move
 * @param flagged messages in one change of flags
 */
record MailboxLimits(int messages, int copied, int removed, int flagged) {
  /** As the settings say. */
  static MailboxLimits of(MailboxSettings settings) {
    return new MailboxLimits(
        settings.maxMessages(),
        settings.maxCopied(),
        settings.removedAtATime(),
        settings.flaggedAtATime());
  }
}
