package dev.staffetta.imap.search;

import java.text.Normalizer;

/**
 * Text with differences of case and of composition taken out, near i;unicode-casemap (RFC 5051):
 * each character by itself, so that a text can be folded piece by piece.
 */
final class CaseFold {
  /** Folded characters of the basic plane, filled as they are met; a race fills in the same. */
  private static final String[] KNOWN = new String[Character.MIN_SUPPLEMENTARY_CODE_POINT];

  private CaseFold() {}

  static String fold(String text) {
    int i = 0;
    while (i < text.length() && isFoldedAscii(text.charAt(i))) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder folded = new StringBuilder(text.length() + 16).append(text, 0, i);
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c < 0x80) {
        folded.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
        i++;
      } else {
        int codePoint = text.codePointAt(i);
        folded.append(fold(codePoint));
        i += Character.charCount(codePoint);
      }
    }
    return folded.toString();
  }

  private static boolean isFoldedAscii(char c) {
    return c < 0x80 && (c < 'A' || c > 'Z');
  }

  private static String fold(int codePoint) {
    if (codePoint >= KNOWN.length) {
      return foldAnew(codePoint);
    }
    String known = KNOWN[codePoint];
    if (known == null) {
      known = foldAnew(codePoint);
      KNOWN[codePoint] = known;
    }
    return known;
  }

  private static String foldAnew(int codePoint) {
    String decomposed = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD);
    StringBuilder folded = new StringBuilder();
    decomposed
        .codePoints()
        .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
        .forEach(folded::appendCodePoint);
    return folded.toString();
  }
}
