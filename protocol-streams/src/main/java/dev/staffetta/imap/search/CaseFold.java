package dev.staffetta.imap.search;

import java.text.Normalizer;
import java.util.Locale;

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
    while (i < text.length() && text.charAt(i) < 0x80) {
      i++;
    }
    if (i == text.length()) {
      // Most text; the runtime does this many chars at a time.
      return text.toLowerCase(Locale.ROOT);
    }
    StringBuilder folded = new StringBuilder(text.length() + 16);
    folded.append(text.substring(0, i).toLowerCase(Locale.ROOT));
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
