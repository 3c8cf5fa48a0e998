package dev.staffetta.ports;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Flags of a message as the bits of a long: the system flags of RFC 9051 2.3.2 in the lowest five,
 * above them the mailbox's keywords in the order in which it first met them.
 */
public final class Flags {
  public static final long SEEN = 1;
  public static final long ANSWERED = 1 << 1;
  public static final long FLAGGED = 1 << 2;
  public static final long DELETED = 1 << 3;
  public static final long DRAFT = 1 << 4;

  /** How many bits the system flags take. */
  public static final int SYSTEM_FLAGS = 5;

  /** How many keywords a mailbox can have. */
  public static final int MAX_KEYWORDS = Long.SIZE - 1 - SYSTEM_FLAGS;

  /** The names of the system flags in the order of their bits. */
  public static final List<String> SYSTEM_NAMES =
      List.of("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft");

  private static final Map<String, Long> SYSTEM =
      Map.of(
          "\\seen", SEEN,
          "\\answered", ANSWERED,
          "\\flagged", FLAGGED,
          "\\deleted", DELETED,
          "\\draft", DRAFT);

  private Flags() {}

  /** The bit of a system flag by its name in any case; empty when it is none. */
  public static OptionalLong system(String name) {
    Long bit = SYSTEM.get(name.toLowerCase(Locale.ROOT));
    return bit == null ? OptionalLong.empty() : OptionalLong.of(bit);
  }

  /** The bit of the keyword at {@code index} of the mailbox's list. */
  public static long keyword(int index) {
    if (index < 0 || index >= MAX_KEYWORDS) {
      throw new IllegalArgumentException("keyword index " + index + ", at most " + MAX_KEYWORDS);
    }
    return 1L << (SYSTEM_FLAGS + index);
  }
}
