package dev.staffetta.domain;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Refusal;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which domains and addresses can be added here. */
final class Addresses {
  private static final int MAX_DOMAIN_LENGTH = 253;
  private static final int MAX_LOCAL_PART_BYTES = 64;

  /** RFC 5321 4.1.2: letters, digits and inner hyphens; at most 63 a label (RFC 1035 2.3.4). */
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

  /** RFC 5321 4.1.2, Dot-string; RFC 6531 3.3 adds what is not ASCII. */
  private static final Pattern LOCAL_PART =
      Pattern.compile(
          "(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]|[^\\x00-\\x7F])+"
              + "(?:\\.(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]|[^\\x00-\\x7F])+)*");

  private Addresses() {}

  /** The domain in lower case. */
  static String domain(String domain) {
    String lower = domain.toLowerCase(Locale.ROOT);
    if (lower.length() > MAX_DOMAIN_LENGTH || !DOMAIN.matcher(lower).matches()) {
      throw new Refusal(
          Refusal.Code.CANNOT,
          "'%s' is no domain: labels of letters, digits and hyphens, such as example.com"
              .formatted(domain));
    }
    return lower;
  }

  /** Refuses what can be no address of an account. */
  static void requireValid(AccountId account) {
    domain(account.domain());
    requireLocalPart(account.localPart());
  }

  /** The local part in lower case. */
  static String localPart(String localPart) {
    String lower = localPart.toLowerCase(Locale.ROOT);
    requireLocalPart(lower);
    return lower;
  }

  private static void requireLocalPart(String localPart) {
    if (localPart.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_LOCAL_PART_BYTES
        || !LOCAL_PART.matcher(localPart).matches()) {
      throw new Refusal(
          Refusal.Code.CANNOT,
          "'%s' can be no name of an account: letters, digits, and in between . _ - and the like"
              .formatted(localPart));
    }
  }
}
