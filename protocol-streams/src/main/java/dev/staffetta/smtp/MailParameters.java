package dev.staffetta.smtp;

import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The parameters of MAIL that our EHLO offers: SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC
 * 6531) and AUTH (RFC 4954 5).
 *
 * <p>BODY and AUTH are checked and then forgotten. A message is stored octet by octet, so 8BITMIME
 * makes no difference; and no client is trusted to tell who first submitted a message, which is to
 * be treated as {@code AUTH=<>}.
 */
record MailParameters(OptionalLong sizeInOctets, boolean utf8) {
  /** RFC 1870 3: at most 20 digits. */
  private static final Pattern SIZE = Pattern.compile("[0-9]{1,20}");

  /** RFC 3461 4. */
  private static final Pattern XTEXT = Pattern.compile("(?:[!-*,-<>-~]|\\+[0-9A-F]{2})+");

  /** Parses what follows the path, up to the end of the line. */
  static MailParameters parse(TextCursor text) throws SyntaxFault {
    OptionalLong size = OptionalLong.empty();
    boolean utf8 = false;
    Set<String> seen = new HashSet<>();
    while (!text.atEnd()) {
      if (text.takeWhile(c -> c == ' ').isEmpty()) {
        throw fault("parameters are divided from the address and each other by a space");
      }
      String keyword = text.takeWhile(c -> c > ' ' && c != '=').toUpperCase(Locale.ROOT);
      boolean hasValue = text.skip('=');
      String value = text.takeWhile(c -> c > ' ');
      if (!seen.add(keyword)) {
        throw fault("a parameter was given twice");
      }
      switch (keyword) {
        case "SIZE" -> size = OptionalLong.of(size(value));
        case "BODY" -> body(value);
        case "SMTPUTF8" -> {
          if (hasValue) {
            throw fault("SMTPUTF8 has no value");
          }
          utf8 = true;
        }
        case "AUTH" -> auth(value);
        default -> throw new SyntaxFault(555, "5.5.4", "parameter not recognized");
      }
    }
    return new MailParameters(size, utf8);
  }

  /** What does not fit a long is larger than any limit anyhow. */
  private static long size(String value) throws SyntaxFault {
    if (!SIZE.matcher(value).matches()) {
      throw fault("SIZE= is followed by a number of octets");
    }
    return value.length() > 18 ? Long.MAX_VALUE : Long.parseLong(value);
  }

  private static void body(String value) throws SyntaxFault {
    switch (value.toUpperCase(Locale.ROOT)) {
      case "7BIT", "8BITMIME" -> {}
      case "BINARYMIME" -> throw new SyntaxFault(555, "5.5.4", "BINARYMIME is not offered");
      default -> throw fault("BODY= is followed by 7BIT or 8BITMIME");
    }
  }

  private static void auth(String value) throws SyntaxFault {
    if (!value.equals("<>") && !XTEXT.matcher(value).matches()) {
      throw fault("AUTH= is followed by <> or an address in xtext");
    }
  }

  private static SyntaxFault fault(String text) {
    return new SyntaxFault(501, "5.5.4", text);
  }
}
