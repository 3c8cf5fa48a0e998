package dev.staffetta.nemesis.relay;

/**
 * A message that came to one of its recipients.
 *
 * @param nanos when
 * @param isAcknowledged whether the relay was told 250
 * @param isWhole whether it is what was submitted
 */
record Receipt(String recipient, long nanos, boolean isAcknowledged, boolean isWhole) {}
