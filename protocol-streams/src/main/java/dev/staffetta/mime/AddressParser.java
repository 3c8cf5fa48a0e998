package dev.staffetta.mime;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads an address list (RFC 5322 3.4, with the obsolete forms of 4.4), and makes the best of what
 * is none: something is shown for every text between two commas. Linear in the text's length. Used
 * once.
 */
final class AddressParser {
  /** What ends a word; a dot does not. */
  private static final String SPECIALS = "()<>@,;:\"[]";

  /**
   * A word, or an {@code @}.
   *
   * @param isSpaced whether white space or a comment stands before it
   */
  private record Word(String text, boolean isAt, boolean isSpaced) {
    /** Whether it goes on with the word before, as in {@code a . b} (RFC 5322 4.4, obs-domain). */
    boolean continues(Word before) {
      return !isSpaced || text.startsWith(".") || before.text.endsWith(".");
    }
  }

  private final FieldScanner scanner;
  private final List<Address> found = new ArrayList<>();
  private boolean isInGroup;

  // What was read since the last address.
  private final List<Word> words = new ArrayList<>();
  private boolean hasAt;
  private boolean isSpaced;
  private String comment = "";
  private boolean hasAngles;
  private String route = "";
  private String mailbox = "";
  private String host = "";

  private AddressParser(String value) {
    this.scanner = new FieldScanner(value);
  }

  /**
   * The addresses and marks of groups in a field's value.
   *
   * @param most so many; what follows is left out
   */
  static List<Address> parse(String value, int most) {
    AddressParser parser = new AddressParser(value);
    while (!parser.scanner.atEnd() && parser.found.size() < most) {
      parser.step();
    }
    parser.endAddress();
    parser.endGroup();
    return parser.found;
  }

  private void step() {
    char c = scanner.peek();
    if (FieldScanner.isSpace(c)) {
      scanner.next();
      isSpaced = true;
    } else if (c == '(') {
      String text = scanner.comment().strip();
      comment = comment.isEmpty() ? text : comment;
      isSpaced = true;
    } else if (c == '"') {
      word(scanner.quotedString());
    } else if (c == '[') {
      word(scanner.domainLiteral());
    } else if (c == '<') {
      if (hasAngles) {
        endAddress();
      }
      scanner.next();
      angleAddress();
    } else if (c == ',') {
      scanner.next();
      endAddress();
    } else if (c == ';') {
      scanner.next();
      endAddress();
      endGroup();
    } else if (c == ':' && !isInGroup && !hasAngles && !hasAt) {
      scanner.next();
      found.add(Address.groupStart(phrase(0, words.size())));
      isInGroup = true;
      clear();
    } else if (c == '@') {
      scanner.next();
      words.add(new Word("@", true, isSpaced));
      hasAt = true;
      isSpaced = false;
    } else {
      String text = scanner.encodedWord();
      text = text.isEmpty() ? scanner.until(SPECIALS) : text;
      word(text.isEmpty() ? String.valueOf(scanner.next()) : text);
    }
  }

  private void word(String text) {
    words.add(new Word(text, false, isSpaced));
    isSpaced = false;
  }

  /** Reads up to {@code >}, or to the comma where that is forgotten. */
  private void angleAddress() {
    hasAngles = true;
    isSpaced = true;
    StringBuilder inside = new StringBuilder();
    int at = -1;
    boolean mayBeRoute = false;
    while (!scanner.atEnd()) {
      char c = scanner.peek();
      if ((c == ',' && !mayBeRoute) || c == ';') {
        break;
      } else if (c == '>') {
        scanner.next();
        break;
      } else if (FieldScanner.isSpace(c) || c == '<') {
        scanner.next();
      } else if (c == '(') {
        scanner.comment();
      } else if (c == '"') {
        inside.append(scanner.quotedString());
      } else if (c == '[') {
        inside.append(scanner.domainLiteral());
      } else if (c == ':' && mayBeRoute) {
        scanner.next();
        route = inside.toString();
        inside.setLength(0);
        at = -1;
        mayBeRoute = false;
      } else {
        if (c == '@') {
          at = inside.length();
          mayBeRoute |= at == 0 && route.isEmpty();
        }
        inside.append(scanner.next());
      }
    }
    mailbox = at < 0 ? inside.toString() : inside.substring(0, at);
    host = at < 0 ? "" : inside.substring(at + 1);
  }

  private void endAddress() {
    if (hasAngles) {
      add(phrase(0, words.size()));
    } else if (!words.isEmpty()) {
      endBareAddress();
    }
    clear();
  }

  /** An address without angles (RFC 5322 3.4, addr-spec), or any other text. */
  private void endBareAddress() {
    int at = words.size() - 1;
    while (at >= 0 && !words.get(at).isAt()) {
      at--;
    }
    if (at < 0) {
      mailbox = phrase(0, words.size());
      add("");
      return;
    }
    int start = Math.max(0, at - 1);
    while (start > 0 && words.get(start).continues(words.get(start - 1))) {
      start--;
    }
    int end = Math.min(words.size(), at + 2);
    while (end < words.size() && words.get(end).continues(words.get(end - 1))) {
      end++;
    }
    mailbox = joined(start, at);
    host = joined(at + 1, end);
    add(phrase(start > 0 ? 0 : end, start > 0 ? start : words.size()));
  }

  private void add(String name) {
    found.add(Address.of(name.isEmpty() ? comment : name, route, mailbox, host));
  }

  private void endGroup() {
    if (isInGroup) {
      found.add(Address.GROUP_END);
      isInGroup = false;
    }
  }

  private void clear() {
    words.clear();
    hasAt = false;
    isSpaced = false;
    comment = "";
    hasAngles = false;
    route = "";
    mailbox = "";
    host = "";
  }

  /** The words with one space where the text has any (RFC 5322 3.2.5, phrase). */
  private String phrase(int from, int to) {
    StringBuilder phrase = new StringBuilder();
    for (int i = from; i < to; i++) {
      phrase.append(i > from && words.get(i).isSpaced() ? " " : "").append(words.get(i).text());
    }
    return phrase.toString();
  }

  private String joined(int from, int to) {
    StringBuilder joined = new StringBuilder();
    words.subList(from, to).forEach(word -> joined.append(word.text()));
    return joined.toString();
  }
}
