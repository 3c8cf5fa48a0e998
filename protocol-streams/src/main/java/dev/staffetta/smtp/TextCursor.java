package dev.staffetta.smtp;

import java.util.function.IntPredicate;

/** Where a parser stands in a command line. Used within one call of the parser. */
final class TextCursor {
  private static final int END = -1;

  private final String text;
  private int position;

  TextCursor(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return position == text.length();
  }

  /** Whether the next character is this one. */
  boolean isAt(char c) {
    return peek() == c;
  }

  /** The next character; -1 at the end. */
  int peek() {
    return atEnd() ? END : text.charAt(position);
  }

  /** The next character, passed; -1 at the end. */
  int next() {
    int c = peek();
    if (c != END) {
      position++;
    }
    return c;
  }

  /** Passes this character if it is next. */
  boolean skip(char c) {
    if (!isAt(c)) {
      return false;
    }
    position++;
    return true;
  }

  /** Passes this word, in any case, if it is next. */
  boolean skipIgnoringCase(String word) {
    if (!text.regionMatches(true, position, word, 0, word.length())) {
      return false;
    }
    position += word.length();
    return true;
  }

  /** The characters up to the first that is none of these. */
  String takeWhile(IntPredicate allowed) {
    int start = position;
    while (position < text.length() && allowed.test(text.charAt(position))) {
      position++;
    }
    return text.substring(start, position);
  }

  /** All that is left. */
  String rest() {
    String rest = text.substring(position);
    position = text.length();
    return rest;
  }
}
