package dev.staffetta.imap.search;

/** A text to be found in others, in any case. Found in linear time (Knuth, Morris, Pratt). */
final class Needle {
  private final String text;

  /** For each length of a matched beginning: how much of it still matches after a mismatch. */
  private final int[] fallbacks;

  Needle(String wanted) {
    text = CaseFold.fold(wanted);
    fallbacks = new int[text.length() + 1];
    int length = 0;
    for (int i = 1; i < text.length(); i++) {
      length = longer(length, text.charAt(i));
      fallbacks[i + 1] = length;
    }
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  /** Whether it is somewhere in a text. */
  boolean isIn(String haystack) {
    return CaseFold.fold(haystack).contains(text);
  }

  /** A search through a text that comes in pieces. */
  Search search() {
    return new Search();
  }

  /** How much matches when a char follows a match of {@code length}, which is not the whole. */
  private int longer(int length, char next) {
    int matched = length;
    while (matched > 0 && text.charAt(matched) != next) {
      matched = fallbacks[matched];
    }
    return text.charAt(matched) == next ? matched + 1 : 0;
  }

  /** One search. Used by one thread, for one text. */
  final class Search {
    private int matched;

    /** Takes the next piece, folded; whether the needle has been found by its end. */
    boolean offer(String folded) {
      int length = text.length();
      int i = 0;
      while (i < folded.length() && matched < length) {
        if (matched == 0) {
          i = folded.indexOf(text.charAt(0), i);
          if (i < 0) {
            return false;
          }
        }
        matched = longer(matched, folded.charAt(i));
        i++;
      }
      return matched == length;
    }
  }
}
