package dev.staffetta.smtp;

import org.apache.pekko.util.ByteString;

/**
 * What is known of a message while it comes in.
 *
 * @param id names the message in this server's log and in its Received field
 * @param octets received, without our trace fields
 * @param afterCr whether the last one was a CR
 */
record Intake(String id, HeaderScan scan, long octets, boolean afterCr) {
  Intake(String id, HeaderScan scan) {
    this(id, scan, 0, false);
  }

  /** After some more octets. */
  Intake then(HeaderScan next, ByteString more) {
    return new Intake(id, next, octets + more.length(), more.last() == '\r');
  }
}
