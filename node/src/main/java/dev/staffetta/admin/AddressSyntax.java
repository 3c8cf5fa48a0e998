package dev.staffetta.admin;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailAddress;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which names an administrator may give: narrower than what RFC 5321 4.1.2 lets a sender write.
 *
 * <p>A domain is a host name (RFC 5321 2.3.5), an internationalised one in its ASCII form. A local
 * part is a dot-string without {@code +}, which divides a detail from the account.
 */
final class AddressSyntax {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern LOCAL_PART =
      Pattern.compile("[\\p{L}\\p{N}!#$%&'*/=?^_`{|}~-]+(\\.[\\p{L}\\p{N}!#$%&'*/=?^_`{|}~-]+)*");
  private static final int LONGEST_LOCAL_PART_IN_BYTES = 64;
  private static final int LONGEST_DOMAIN = 253;

  private AddressSyntax() {}

  /** The domain as it is kept: lower-case, ASCII. */
  static String domain(String written) {
    String ascii;
    try {
      ascii = IDN.toASCII(written.strip()).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(noDomain(written), e);
    }
    boolean isHostName =
        ascii.length() <= LONGEST_DOMAIN
            && !ascii.isEmpty()
            && !ascii.endsWith(".")
            && Pattern.compile("\\.")
                .splitAsStream(ascii)
                .allMatch(l -> LABEL.matcher(l).matches());
    if (!isHostName) {
      throw new IllegalArgumentException(noDomain(written));
    }
    return ascii;
  }

  /** An address that may be an account's or an alias's. */
  static MailAddress address(String written) {
    String trimmed = written.strip();
    int at = trimmed.lastIndexOf('@');
    if (at < 1 || at == trimmed.length() - 1) {
      throw new IllegalArgumentException(
          "'" + written + "' is not an address; write it as alice@example.com");
    }
    String localPart = trimmed.substring(0, at).toLowerCase(Locale.ROOT);
    if (!LOCAL_PART.matcher(localPart).matches()
        || localPart.getBytes(StandardCharsets.UTF_8).length > LONGEST_LOCAL_PART_IN_BYTES) {
      throw new IllegalArgumentException(
          "'"
              + trimmed.substring(0, at)
              + "' cannot be the name before the @; it may have letters, digits, inner dots, and"
              + " signs other than + @ \" ( ) , : ; < > [ ] \\, up to 64 bytes");
    }
    return new MailAddress(localPart, domain(trimmed.substring(at + 1)));
  }

  static AccountId account(String written) {
    return new AccountId(address(written).toString());
  }

  /** A password that people can type and protocols can carry. */
  static String password(String written) {
    if (written.isEmpty()) {
      throw new IllegalArgumentException("the password is empty");
    }
    if (written.length() > 256 || written.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a password has at most 256 characters and no control characters");
    }
    return written;
  }

  private static String noDomain(String written) {
    return "'" + written + "' is not a domain; write it as example.com";
  }
}
