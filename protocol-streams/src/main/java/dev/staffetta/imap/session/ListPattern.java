package dev.staffetta.imap.session;

import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.Folders;

/**
 * A pattern for names of mailboxes: {@code *} stands for anything, {@code %} for anything within a
 * level (RFC 3501 6.3.8). INBOX is the same in any case.
 */
record ListPattern(String pattern) {
  /** The pattern that a reference and a mailbox argument make together. */
  static ListPattern of(String reference, String mailbox) {
    return new ListPattern(FolderTree.canonical(reference + mailbox));
  }

  /** Whether a name is meant. Takes at most the product of the two lengths. */
  boolean matches(String name) {
    int caseless = name.equals("INBOX") || name.startsWith("INBOX" + Folders.DELIMITER) ? 5 : 0;
    // reached[j]: the pattern up to here can stand for the name's first j characters.
    boolean[] reached = new boolean[name.length() + 1];
    reached[0] = true;
    for (int i = 0; i < pattern.length(); i++) {
      char p = pattern.charAt(i);
      if (p == '*' || p == '%') {
        for (int j = 1; j <= name.length(); j++) {
          boolean crosses = p == '*' || name.charAt(j - 1) != Folders.DELIMITER;
          reached[j] |= crosses && reached[j - 1];
        }
      } else {
        for (int j = name.length(); j > 0; j--) {
          reached[j] = reached[j - 1] && isSame(p, name.charAt(j - 1), j <= caseless);
        }
        reached[0] = false;
      }
    }
    return reached[name.length()];
  }

  private static boolean isSame(char p, char c, boolean caseless) {
    return p == c || (caseless && Character.toUpperCase(p) == c);
  }
}
