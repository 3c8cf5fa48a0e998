package dev.staffetta.mailbox;

/**
 * How much at a time.
 *
 * @param messages in a mailbox
 * @param copied messages in one copy, which is all or none
 * @param removed messages in one expunge or move
 * @param flagged messages in one change of flags
 */
record MailboxLimits(int messages, int copied, int removed, int flagged) {}
