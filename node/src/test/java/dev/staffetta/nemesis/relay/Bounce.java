package dev.staffetta.nemesis.relay;

/**
 * A report in somebody's mailbox that a recipient's mail failed.
 *
 * @param account whose mailbox
 */
record Bounce(String recipient, String account) {}
