package dev.staffetta.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Encoded words (RFC 2047): text in any charset within a header field. Decoding never fails: what
 * is no encoded word stays as it is.
 */
public final class EncodedWords {
  /** The longest name of a charset with a language (RFC 2231 5) that is looked at. */
  private static final int LONGEST_CHARSET = 80;

  private EncodedWords() {}

  /**
   * The text that a reader should see.
   *
   * @param octets a field's value, unfolded, one char an octet; octets above 127 are taken for
   *     UTF-8 if they can be (RFC 6532), else for windows-1252
   */
  public static String decode(String octets) {
    int start = octets.indexOf("=?");
    if (start < 0) {
      return Charsets.guess(octets);
    }
    StringBuilder text = new StringBuilder();
    String charset = "";
    // Words of one charset are decoded together: a character may be cut between two of them.
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    int rest = 0;
    while (start >= 0) {
      int end = endOfWord(octets, start);
      if (end < 0) {
        start = octets.indexOf("=?", start + 2);
        continue;
      }
      String between = octets.substring(rest, start);
      String itsCharset = charset(octets, start);
      // White space between two encoded words is not shown (RFC 2047 6.2).
      boolean follows = rest > 0 && between.isBlank();
      if (!follows || !itsCharset.equals(charset)) {
        text.append(Charsets.decode(encoded.toByteArray(), charset));
        encoded.reset();
        text.append(follows ? "" : Charsets.guess(between));
      }
      charset = itsCharset;
      decodeWord(octets, start, end, encoded);
      rest = end;
      start = octets.indexOf("=?", end);
    }
    text.append(Charsets.decode(encoded.toByteArray(), charset));
    return text.append(Charsets.guess(octets.substring(rest))).toString();
  }

  /**
   * The end of the encoded word that begins at {@code start}; -1 when none does. Looks no further
   * than the fourth question mark.
   */
  static int endOfWord(String octets, int start) {
    if (!octets.startsWith("=?", start)) {
      return -1;
    }
    int encoding = octets.indexOf('?', start + 2);
    if (encoding <= start + 2
        || encoding > start + LONGEST_CHARSET
        || encoding + 3 >= octets.length()
        || "bBqQ".indexOf(octets.charAt(encoding + 1)) < 0
        || octets.charAt(encoding + 2) != '?') {
      return -1;
    }
    int end = octets.indexOf('?', encoding + 3);
    return end >= 0 && octets.startsWith("?=", end) ? end + 2 : -1;
  }

  private static String charset(String octets, int start) {
    String name = octets.substring(start + 2, octets.indexOf('?', start + 2));
    int language = name.indexOf('*');
    return (language < 0 ? name : name.substring(0, language)).toLowerCase(Locale.ROOT);
  }

  private static void decodeWord(String octets, int start, int end, ByteArrayOutputStream to) {
    int encoding = octets.indexOf('?', start + 2) + 1;
    String text = octets.substring(encoding + 2, end - 2);
    TransferDecoder decoder;
    if (Character.toLowerCase(octets.charAt(encoding)) == 'b') {
      decoder = TransferDecoder.base64();
    } else {
      // Q is quoted-printable with _ for space, and its spaces are text (RFC 2047 4.2).
      text = text.replace("_", "=20").replace(" ", "=20");
      decoder = TransferDecoder.quotedPrintable();
    }
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    to.writeBytes(decoder.decode(bytes, 0, bytes.length));
    to.writeBytes(decoder.finish());
  }
}
