package dev.staffetta.smtp;

import org.apache.pekko.util.ByteString;

/**
 * What is known of a message while it comes in.
 *
 * @param id names the message in this server's log and in its Received field
 * @param blindCopies what goes by before the scan sees it
 * @param octets received, without our trace fields
 * @param afterCr whether the last one was a CR
 */
record Intake(String id, BlindCopies blindCopies, HeaderScan scan, long octets, boolean afterCr) {
  Intake(String id, BlindCopies blindCopies, HeaderScan scan) {
    this(id, blindCopies, scan, 0, false);
  }

  /** After some more octets. */
  Intake then(BlindCopies nextCopies, HeaderScan next, ByteString more) {
    return new Intake(id, nextCopies, next, octets + more.length(), more.last() == '\r');
  }

  /** The last octets to store, and how many From fields there are. */
  Rest rest() {
    HeaderScan.Scanned scanned = scan.take(blindCopies.finish());
    return new Rest(
        scanned.octets().concat(scanned.next().finish()), scanned.next().allFromFields());
  }

  /** What is left at the end. */
  record Rest(ByteString octets, int fromFields) {}
}
