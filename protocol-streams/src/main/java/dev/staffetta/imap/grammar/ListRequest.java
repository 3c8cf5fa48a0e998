package dev.staffetta.imap.grammar;

import java.util.List;
import java.util.Set;

/**
 * What a LIST asks for (RFC 5258 3).
 *
 * @param isExtended whether the client used anything beyond RFC 3501's LIST
 * @param patterns at least one, with the wildcards {@code *} and {@code %}
 * @param status RFC 5819; empty: no STATUS is asked for
 */
public record ListRequest(
    boolean isExtended,
    Set<Selection> selection,
    String reference,
    List<String> patterns,
    Set<Return> returned,
    Set<StatusItem> status) {
  /** Which names are wanted. */
  public enum Selection {
    SUBSCRIBED,
    /** There are no remote mailboxes here, so it changes nothing. */
    REMOTE,
    RECURSIVEMATCH,
    /** RFC 6154 2. */
    SPECIAL_USE
  }

  /** What is to be said of each name. */
  public enum Return {
    SUBSCRIBED,
    CHILDREN,
    SPECIAL_USE
  }

  public ListRequest {
    selection = Set.copyOf(selection);
    patterns = List.copyOf(patterns);
    returned = Set.copyOf(returned);
  }

  /** RFC 3501's LIST. */
  public static ListRequest plain(String reference, String pattern) {
    return new ListRequest(false, Set.of(), reference, List.of(pattern), Set.of(), Set.of());
  }
}
