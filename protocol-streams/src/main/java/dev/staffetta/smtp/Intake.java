package dev.staffetta.smtp;

import org.apache.pekko.util.ByteString;

/**
 * What is known of a message while it comes in.
 *
 * @param octets received, without our trace fields
 * @param afterCr whether the last one was a CR
 */
record Intake(HeaderScan scan, long octets, boolean afterCr) {
  Intake(HeaderScan scan) {
    this(scan, 0, false);
  }

  /** After some more octets. */
  Intake then(HeaderScan next, ByteString more) {
    return new Intake(next, octets + more.length(), more.last() == '\r');
  }
}
