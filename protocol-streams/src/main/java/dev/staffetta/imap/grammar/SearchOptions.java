package dev.staffetta.imap.grammar;

import java.util.Set;

/**
 * How the result of a SEARCH is to be told.
 *
 * @param isExtended by an ESEARCH response (RFC 4731)
 * @param returned at least one when extended
 */
public record SearchOptions(boolean isExtended, Set<Return> returned) {
  /** RFC 3501's SEARCH response. */
  public static final SearchOptions PLAIN = new SearchOptions(false, Set.of());

  /** What an ESEARCH response holds (RFC 4731 3.1). */
  public enum Return {
    MIN,
    MAX,
    ALL,
    COUNT
  }

  public SearchOptions {
    returned = Set.copyOf(returned);
  }
}
