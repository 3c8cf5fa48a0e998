package dev.staffetta.smtp;

import dev.staffetta.ports.MailAddress;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Paths and mailboxes (RFC 5321 4.1.2, with the non-ASCII characters of RFC 6531 3.3).
 *
 * <p>Any text gives an answer or a {@link SyntaxFault}.
 */
final class PathGrammar {
  /** RFC 5321 4.5.3.1.1, in octets. */
  private static final int MAX_LOCAL_PART = 64;

  /** RFC 5321 4.5.3.1.2, in octets. */
  private static final int MAX_DOMAIN = 255;

  /** RFC 5321 4.5.3.1.3, in octets, with the angle brackets. */
  private static final int MAX_PATH = 256;

  /** RFC 1035 2.3.4, in octets. */
  private static final int MAX_LABEL = 63;

  private final TextCursor text;
  private final String status;

  /**
   * @param status the enhanced status code of a fault: 5.1.7 for a sender, 5.1.3 for a recipient
   */
  private PathGrammar(TextCursor text, String status) {
    this.text = text;
    this.status = status;
  }

  /** Reverse-path; empty: the null sender. */
  static Optional<MailAddress> reversePath(TextCursor text) throws SyntaxFault {
    if (text.skipIgnoringCase("<>")) {
      return Optional.empty();
    }
    return Optional.of(new PathGrammar(text, "5.1.7").path());
  }

  /** Forward-path; empty: {@code <postmaster>} (RFC 5321 4.1.1.3). */
  static Optional<MailAddress> forwardPath(TextCursor text) throws SyntaxFault {
    if (text.skipIgnoringCase("<postmaster>")) {
      return Optional.empty();
    }
    return Optional.of(new PathGrammar(text, "5.1.3").path());
  }

  private MailAddress path() throws SyntaxFault {
    if (!text.skip('<')) {
      throw fault("an address is written in angle brackets: <local-part@domain>");
    }
    if (text.isAt('@')) {
      sourceRoute();
    }
    MailAddress mailbox = mailbox();
    if (!text.skip('>')) {
      throw fault("the address is not closed with '>' after its domain");
    }
    return mailbox;
  }

  /** {@code @a,@b:} is accepted and says nothing (RFC 5321 4.1.1.3, Appendix C). */
  private void sourceRoute() throws SyntaxFault {
    do {
      if (!text.skip('@')) {
        throw fault("a source route is @domain,@domain: before the address");
      }
      domain();
    } while (text.skip(','));
    if (!text.skip(':')) {
      throw fault("a source route ends with ':'");
    }
  }

  private MailAddress mailbox() throws SyntaxFault {
    String localPart = text.isAt('"') ? quotedString() : dotString();
    int localOctets = octets(localPart);
    if (localOctets > MAX_LOCAL_PART) {
      throw fault("the local part is longer than " + MAX_LOCAL_PART + " octets");
    }
    if (!text.skip('@')) {
      throw fault("the address has no '@domain' after its local part");
    }
    String domain = text.isAt('[') ? addressLiteral() : domain();
    if (localOctets + octets(domain) + "<@>".length() > MAX_PATH) {
      throw fault("the path is longer than " + MAX_PATH + " octets");
    }
    return new MailAddress(localPart, domain);
  }

  private String dotString() throws SyntaxFault {
    StringBuilder localPart = new StringBuilder();
    do {
      String atom = text.takeWhile(PathGrammar::isAtext);
      if (atom.isEmpty()) {
        throw fault("the local part is not a dot-string, nor quoted");
      }
      localPart.append(localPart.isEmpty() ? "" : ".").append(atom);
    } while (text.skip('.'));
    return localPart.toString();
  }

  /** What it stands for, without quotes and backslashes. */
  private String quotedString() throws SyntaxFault {
    text.skip('"');
    StringBuilder localPart = new StringBuilder();
    while (!text.skip('"')) {
      int c = text.next();
      if (c == '\\') {
        c = text.next();
        if (c > '~') {
          throw fault("only a printable ASCII character may follow a backslash");
        }
      }
      if (c < ' ' || (c >= 0x7f && !isUtf8NonAscii(c))) {
        throw fault("the quoted local part is not closed, or has a control character");
      }
      localPart.append((char) c);
    }
    if (localPart.isEmpty()) {
      // The grammar has it, but no mailbox anywhere can be named so.
      throw fault("the local part is empty");
    }
    return localPart.toString();
  }

  /** Lower-case, a label that is not ASCII in its ASCII form, by which domains are compared. */
  private String domain() throws SyntaxFault {
    String domain = text.takeWhile(c -> isLetterOrDigit(c) || c == '-' || c == '.');
    if (!isAscii(domain)) {
      try {
        domain = IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES);
      } catch (IllegalArgumentException e) {
        throw fault("the domain is no internationalized domain name");
      }
    }
    if (domain.length() > MAX_DOMAIN) {
      throw fault("the domain is longer than " + MAX_DOMAIN + " octets");
    }
    if (!isDomain(domain)) {
      throw fault("the domain must be labels of letters, digits and inner hyphens, with dots");
    }
    return domain.toLowerCase(Locale.ROOT);
  }

  /** Whether it is a Domain of ASCII labels. */
  static boolean isDomain(String domain) {
    for (String label : domain.split("\\.", -1)) {
      if (label.isEmpty()
          || label.length() > MAX_LABEL
          || label.startsWith("-")
          || label.endsWith("-")
          || !label.chars().allMatch(c -> isAsciiLetterOrDigit(c) || c == '-')) {
        return false;
      }
    }
    return true;
  }

  private String addressLiteral() throws SyntaxFault {
    text.skip('[');
    String literal = text.takeWhile(c -> c != ']' && c != '>');
    if (!text.skip(']') || !AddressLiteral.isValid(literal)) {
      throw fault("an address literal is [1.2.3.4] or [IPv6:2001:db8::1]");
    }
    return "[" + literal.toLowerCase(Locale.ROOT) + "]";
  }

  /**
   * An address as a Mailbox of the grammar, quoted where it must be; what {@link #reversePath}
   * reads back as the same address.
   */
  static String mailbox(MailAddress address) {
    return localPart(address.localPart()) + "@" + address.domain();
  }

  private static String localPart(String localPart) {
    boolean dotString =
        !localPart.isEmpty()
            && !localPart.startsWith(".")
            && !localPart.endsWith(".")
            && !localPart.contains("..")
            && localPart.chars().allMatch(c -> isAtext(c) || c == '.');
    if (dotString) {
      return localPart;
    }
    return "\"" + localPart.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** Whether an address needs SMTPUTF8; its domain is ASCII always. */
  static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static boolean isAtext(int c) {
    return isAsciiLetterOrDigit(c) || isUtf8NonAscii(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
  }

  private static boolean isLetterOrDigit(int c) {
    return isAsciiLetterOrDigit(c) || isUtf8NonAscii(c);
  }

  /** RFC 6531 3.3, but for the control characters among them: they would end up in logs. */
  private static boolean isUtf8NonAscii(int c) {
    return c >= 0xa0 && c != 0x2028 && c != 0x2029;
  }

  private static boolean isAsciiLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static int octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private SyntaxFault fault(String text) {
    return new SyntaxFault(501, status, text);
  }
}
