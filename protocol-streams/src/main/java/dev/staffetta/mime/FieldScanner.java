package dev.staffetta.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads a structured field's value from left to right: tokens, quoted strings, comments, parameters
 * (RFC 2045 5.1, RFC 5322 3.2). Never goes back, so that any value is read in linear time: what is
 * opened and not closed goes to the end. Used by one thread.
 */
final class FieldScanner {
  private final String text;
  private int at;

  FieldScanner(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return at >= text.length();
  }

  /** The next char, which stays; only when not {@link #atEnd}. */
  char peek() {
    return text.charAt(at);
  }

  /** The next char. */
  char next() {
    return text.charAt(at++);
  }

  /** Whether the next char is this one, which is taken then. */
  boolean take(char wanted) {
    if (!atEnd() && peek() == wanted) {
      at++;
      return true;
    }
    return false;
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  /** Skips white space and comments (RFC 5322 3.2.2, CFWS). */
  void skipSpaceAndComments() {
    while (!atEnd()) {
      if (isSpace(peek())) {
        at++;
      } else if (peek() == '(') {
        comment();
      } else {
        return;
      }
    }
  }

  /** Takes a comment, whose parenthesis is next: its text without backslashes. */
  String comment() {
    StringBuilder content = new StringBuilder();
    int depth = 0;
    while (!atEnd()) {
      char c = next();
      if (c == '\\' && !atEnd()) {
        content.append(next());
        continue;
      }
      if (c == '(' && depth++ == 0) {
        continue;
      }
      if (c == ')' && --depth == 0) {
        break;
      }
      content.append(c);
    }
    return content.toString();
  }

  /** Takes a quoted string, whose quote is next: its text without quotes and backslashes. */
  String quotedString() {
    StringBuilder content = new StringBuilder();
    at++;
    while (!atEnd()) {
      char c = next();
      if (c == '"') {
        break;
      }
      content.append(c == '\\' && !atEnd() ? next() : c);
    }
    return content.toString();
  }

  /** Takes a domain-literal, whose bracket is next, with its brackets (RFC 5322 3.4.1). */
  String domainLiteral() {
    StringBuilder content = new StringBuilder();
    while (!atEnd()) {
      char c = next();
      if (!isSpace(c)) {
        content.append(c);
      }
      if (c == ']') {
        break;
      }
    }
    return content.toString();
  }

  /** Takes an encoded word (RFC 2047 2) with no space in it, whatever specials; or nothing. */
  String encodedWord() {
    int start = at;
    int end = EncodedWords.endOfWord(text, at);
    if (end < 0) {
      return "";
    }
    for (int i = start; i < end; i++) {
      if (isSpace(text.charAt(i))) {
        return "";
      }
    }
    at = end;
    return text.substring(start, end);
  }

  /** Takes what comes before white space and any of these chars. May be empty. */
  String until(String ends) {
    int start = at;
    while (!atEnd() && !isSpace(peek()) && ends.indexOf(peek()) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  /** Takes {@code ; name=value ...} to the end, and whatever else stands between. */
  List<Parameter> parameters(int most) {
    List<Parameter> parameters = new ArrayList<>();
    while (!atEnd() && parameters.size() < most) {
      skipSpaceAndComments();
      if (atEnd()) {
        break;
      }
      if (peek() == '"') {
        quotedString();
        continue;
      }
      String name = until(";=(\"");
      skipSpaceAndComments();
      if (!take('=')) {
        take(';');
        continue;
      }
      skipSpaceAndComments();
      String value = !atEnd() && peek() == '"' ? quotedString() : until(";(\"");
      if (!name.isEmpty()) {
        parameters.add(new Parameter(name.toLowerCase(Locale.ROOT), value));
      }
    }
    return parameters;
  }
}
