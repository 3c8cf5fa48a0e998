package dev.staffetta.imap.grammar;

import dev.staffetta.imap.SequenceSet;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads the terminals of RFC 3501 9 from the bytes of one command, in which each literal follows
 * its announcement: {@code a1 LOGIN {3}CRLFmrc secret}.
 *
 * <p>Mutable: it stands at a place and each method moves it. Used by one thread.
 */
final class ImapReader {
  private static final int LARGEST_NUMBER_DIGITS = 19;

  private final byte[] bytes;
  private int at;

  ImapReader(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean atEnd() {
    return at == bytes.length;
  }

  void end() throws SyntaxException {
    if (!atEnd()) {
      throw new SyntaxException("expected the end of the command at octet " + (at + 1));
    }
  }

  void skipRest() {
    at = bytes.length;
  }

  /** Where it stands, to come back to by {@link #back}. */
  int place() {
    return at;
  }

  void back(int place) {
    at = place;
  }

  /** Whether this octet is next. */
  boolean isNext(char c) {
    return at < bytes.length && bytes[at] == c;
  }

  boolean isDigitNext() {
    return at < bytes.length && isDigit(bytes[at]);
  }

  /** Whether it stands at the announcement of a literal that is all there is left. */
  boolean atLastAnnouncement() {
    if (!isNext('{')) {
      return false;
    }
    for (int i = at + 1; i < bytes.length; i++) {
      if (bytes[i] == '}') {
        return i == bytes.length - 1;
      }
    }
    return false;
  }

  /** Goes over this octet if it is next. */
  boolean take(char c) {
    if (isNext(c)) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char c) throws SyntaxException {
    if (!take(c)) {
      throw new SyntaxException(
          "expected " + (c == ' ' ? "a space" : "'" + c + "'") + " at octet " + (at + 1));
    }
  }

  void space() throws SyntaxException {
    expect(' ');
  }

  /** A tag: ASTRING-CHARs but no {@code +}. */
  String tag() throws SyntaxException {
    int from = at;
    while (at < bytes.length && isAstringChar(bytes[at]) && bytes[at] != '+') {
      at++;
    }
    return text(from, "a tag");
  }

  String atom() throws SyntaxException {
    int from = at;
    while (at < bytes.length && isAtomChar(bytes[at])) {
      at++;
    }
    return text(from, "an atom");
  }

  /** A word of the language, in upper case: letters, digits, and {@code . - =}. */
  String keyword() throws SyntaxException {
    int from = at;
    while (at < bytes.length && isKeywordChar(bytes[at])) {
      at++;
    }
    return text(from, "a keyword").toUpperCase(Locale.ROOT);
  }

  /** So many letters, in upper case. */
  String letters(int count) throws SyntaxException {
    int from = at;
    while (at < bytes.length && at < from + count && isLetter(bytes[at])) {
      at++;
    }
    return text(from, count + " letters").toUpperCase(Locale.ROOT);
  }

  /** Goes over this word, in any case, if it is next. */
  boolean takeWord(String word) {
    if (bytes.length - at < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (upper(bytes[at + i]) != word.charAt(i)) {
        return false;
      }
    }
    at += word.length();
    return true;
  }

  /** Base64 text, or the {@code =} that stands for none (RFC 4959 3). */
  String base64() throws SyntaxException {
    int from = at;
    while (at < bytes.length
        && (isLetter(bytes[at])
            || isDigit(bytes[at])
            || bytes[at] == '+'
            || bytes[at] == '/'
            || bytes[at] == '=')) {
      at++;
    }
    return text(from, "Base64");
  }

  /** A number that fits in 63 bits. */
  long number() throws SyntaxException {
    int from = at;
    while (at < bytes.length && isDigit(bytes[at])) {
      at++;
    }
    String digits = text(from, "a number");
    if (digits.length() > LARGEST_NUMBER_DIGITS) {
      throw new SyntaxException("number " + digits.substring(0, 8) + "… is too large");
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new SyntaxException("number " + digits + " is too large");
    }
  }

  /** A number from {@code least} to 2^32-1. */
  long number32(long least) throws SyntaxException {
    long number = number();
    if (number < least || number > 0xFFFF_FFFFL) {
      throw new SyntaxException("number " + number + " is not from " + least + " to 4294967295");
    }
    return number;
  }

  /** Exactly so many digits. */
  int digits(int count) throws SyntaxException {
    int value = 0;
    for (int i = 0; i < count; i++) {
      if (at == bytes.length || !isDigit(bytes[at])) {
        throw new SyntaxException("expected " + count + " digits at octet " + (at + 1));
      }
      value = value * 10 + bytes[at++] - '0';
    }
    return value;
  }

  SequenceSet sequenceSet() throws SyntaxException {
    int from = at;
    while (at < bytes.length
        && (isDigit(bytes[at]) || bytes[at] == ':' || bytes[at] == ',' || bytes[at] == '*')) {
      at++;
    }
    String text = new String(bytes, from, at - from, StandardCharsets.US_ASCII);
    return SequenceSet.parse(text)
        .orElseThrow(
            () ->
                new SyntaxException(
                    "expected a sequence set such as 2,4:7,9:* at octet " + (from + 1)));
  }

  /** An astring's bytes: an atom (which may hold {@code ]}) or a string. */
  byte[] astring() throws SyntaxException {
    if (isNext('"') || isNext('{')) {
      return string();
    }
    return run(false);
  }

  /** A list-mailbox's bytes: as an astring, and the wildcards {@code *} and {@code %} too. */
  byte[] listMailbox() throws SyntaxException {
    if (isNext('"') || isNext('{')) {
      return string();
    }
    return run(true);
  }

  /** A quoted string's or a literal's bytes. */
  byte[] string() throws SyntaxException {
    if (isNext('"')) {
      return quoted();
    }
    if (isNext('{')) {
      return literal();
    }
    throw new SyntaxException("expected a string at octet " + (at + 1));
  }

  /** NIL or a string; whatever it is, it is only gone over. */
  void nstring() throws SyntaxException {
    if (!takeWord("NIL")) {
      string();
    }
  }

  /** The astring as text in UTF-8. */
  String utf8Astring() throws SyntaxException {
    return decode(astring(), StandardCharsets.UTF_8);
  }

  static String decode(byte[] text, Charset charset) throws SyntaxException {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw new SyntaxException("a string is not " + charset.name());
    }
  }

  private byte[] run(boolean wildcards) throws SyntaxException {
    int from = at;
    while (at < bytes.length
        && (isAstringChar(bytes[at]) || (wildcards && isWildcard(bytes[at])))) {
      at++;
    }
    if (at == from) {
      throw new SyntaxException("expected an atom or a string at octet " + (at + 1));
    }
    return Arrays.copyOfRange(bytes, from, at);
  }

  /**
   * Eight-bit octets are let pass, as RFC 9051 9 does with UTF-8; who reads the text decodes it.
   */
  private byte[] quoted() throws SyntaxException {
    expect('"');
    byte[] text = new byte[bytes.length - at];
    int length = 0;
    while (!take('"')) {
      if (at == bytes.length) {
        throw new SyntaxException("a quoted string does not end");
      }
      if (take('\\') && !isNext('"') && !isNext('\\')) {
        throw new SyntaxException("only \\\" and \\\\ may follow a backslash in a quoted string");
      }
      byte b = bytes[at++];
      if (b == 0 || b == '\r' || b == '\n') {
        throw new SyntaxException("a quoted string holds no NUL, CR or LF");
      }
      text[length++] = b;
    }
    return Arrays.copyOf(text, length);
  }

  private byte[] literal() throws SyntaxException {
    expect('{');
    long size = number();
    take('+');
    expect('}');
    take('\r');
    expect('\n');
    if (size > bytes.length - at) {
      throw new SyntaxException("a literal is not whole");
    }
    int from = at;
    at += (int) size;
    for (int i = from; i < at; i++) {
      if (bytes[i] == 0) {
        throw new SyntaxException("a literal holds no NUL (RFC 3501 9, CHAR8)");
      }
    }
    return Arrays.copyOfRange(bytes, from, at);
  }

  private String text(int from, String expected) throws SyntaxException {
    if (at == from) {
      throw new SyntaxException("expected " + expected + " at octet " + (at + 1));
    }
    return new String(bytes, from, at - from, StandardCharsets.US_ASCII);
  }

  private static boolean isAtomChar(byte b) {
    return b > ' ' && b < 0x7f && "(){%*\"\\]".indexOf(b) < 0;
  }

  private static boolean isAstringChar(byte b) {
    return isAtomChar(b) || b == ']';
  }

  private static boolean isWildcard(byte b) {
    return b == '*' || b == '%';
  }

  private static boolean isKeywordChar(byte b) {
    return isLetter(b) || isDigit(b) || b == '.' || b == '-' || b == '=';
  }

  private static boolean isLetter(byte b) {
    return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static int upper(byte b) {
    return b >= 'a' && b <= 'z' ? b - 32 : b;
  }
}
