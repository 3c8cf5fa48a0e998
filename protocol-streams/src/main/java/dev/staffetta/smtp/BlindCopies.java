package dev.staffetta.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/**
 * Takes the Bcc fields out of a message's header as it goes by (RFC 5322 3.6.3, 3.6.6), so that no
 * recipient learns of those who were to be hidden.
 *
 * @param held the start of a line that is not judged yet
 */
record BlindCopies(Place place, ByteString held) {
  private static final Set<String> NAMES = Set.of("bcc", "resent-bcc");

  /** Longer than these names, with white space before the colon (RFC 5322 4.5.3). */
  private static final int MAX_HELD = 100;

  /** Where the next octet stands. */
  enum Place {
    /** At the start of a line, after one that stays. */
    LINE_START,
    /** At the start of a line, after one that goes. */
    AFTER_DROPPED,
    KEPT_LINE,
    DROPPED_LINE,
    /** Whatever follows stays. */
    BODY
  }

  /** What a line is by its start. */
  private enum Verdict {
    UNDECIDED,
    KEEP,
    DROP,
    BODY
  }

  /** After some octets, and those of them that stay. */
  record Scanned(BlindCopies next, ByteString octets) {}

  static BlindCopies start() {
    return new BlindCopies(Place.LINE_START, ByteString.emptyByteString());
  }

  /** Where nothing is to be taken out. */
  static BlindCopies none() {
    return new BlindCopies(Place.BODY, ByteString.emptyByteString());
  }

  /** Goes on with the next octets, in which LF comes only after CR. */
  Scanned take(ByteString octets) {
    if (place == Place.BODY) {
      return new Scanned(this, octets);
    }
    ByteString all = held.concat(octets).compact();
    byte[] bytes = all.toArrayUnsafe();
    ByteStringBuilder kept = ByteString.createBuilder();
    Place at = place;
    int from = 0;
    while (from < bytes.length) {
      if (at == Place.LINE_START || at == Place.AFTER_DROPPED) {
        switch (verdict(bytes, from, at)) {
          case UNDECIDED -> {
            return new Scanned(new BlindCopies(at, all.drop(from).compact()), kept.result());
          }
          case KEEP -> at = Place.KEPT_LINE;
          case DROP -> at = Place.DROPPED_LINE;
          case BODY -> {
            kept.append(all.drop(from));
            return new Scanned(none(), kept.result());
          }
        }
      }
      int end = from;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      boolean isWhole = end < bytes.length;
      int to = isWhole ? end + 1 : end;
      boolean isKept = at == Place.KEPT_LINE;
      if (isKept) {
        kept.append(all.slice(from, to));
      }
      if (isWhole) {
        at = isKept ? Place.LINE_START : Place.AFTER_DROPPED;
      }
      from = to;
    }
    return new Scanned(new BlindCopies(at, ByteString.emptyByteString()), kept.result());
  }

  /** What is left when no octets follow. */
  ByteString finish() {
    return held;
  }

  private static Verdict verdict(byte[] bytes, int from, Place at) {
    if (bytes[from] == ' ' || bytes[from] == '\t') {
      return at == Place.AFTER_DROPPED ? Verdict.DROP : Verdict.KEEP;
    }
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == ':') {
        String name =
            new String(bytes, from, i - from, StandardCharsets.ISO_8859_1).stripTrailing();
        return NAMES.contains(name.toLowerCase(Locale.ROOT)) ? Verdict.DROP : Verdict.KEEP;
      }
      if (bytes[i] == '\n') {
        return Verdict.BODY;
      }
      if (i - from >= MAX_HELD) {
        return Verdict.KEEP;
      }
    }
    return Verdict.UNDECIDED;
  }
}
