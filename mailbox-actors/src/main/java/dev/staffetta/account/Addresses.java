package dev.staffetta.account;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which domains and accounts there can be. What cannot be is never looked for: so nothing that a
 * stranger makes up becomes the name of an entity or a key.
 */
public final class Addresses {
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

  /** Whether there can be a domain of this name, in lower case. */
  public static boolean isDomain(String domain) {
    return domain.length() <= MAX_DOMAIN_LENGTH && DOMAIN.matcher(domain).matches();
  }

  /** Whether there can be an account of this name. */
  static boolean isAccount(String address) {
    String lower = address.toLowerCase(Locale.ROOT);
    int at = lower.lastIndexOf('@');
    return at > 0 && isDomain(lower.substring(at + 1)) && isLocalPart(lower.substring(0, at));
  }

  /** The domain in lower case; refuses what can be none. */
  public static String domain(String domain) {
    String lower = domain.toLowerCase(Locale.ROOT);
    if (!isDomain(lower)) {
      throw new Refusal(
          Refusal.Code.CANNOT,
          "'%s' is no domain: labels of letters, digits and hyphens, such as example.com"
              .formatted(domain));
    }
    return lower;
  }

  /** Refuses what can be no address of an account. */
  public static void requireValid(AccountId account) {
    domain(account.domain());
    requireLocalPart(account.localPart());
  }

  /** The local part in lower case; refuses what can be none. */
  public static String localPart(String localPart) {
    String lower = localPart.toLowerCase(Locale.ROOT);
    requireLocalPart(lower);
    return lower;
  }

  private static boolean isLocalPart(String localPart) {
    return localPart.length() <= MAX_LOCAL_PART_BYTES
        && localPart.getBytes(StandardCharsets.UTF_8).length <= MAX_LOCAL_PART_BYTES
        && LOCAL_PART.matcher(localPart).matches();
  }

  private static void requireLocalPart(String localPart) {
    if (!isLocalPart(localPart)) {
      throw new Refusal(
          Refusal.Code.CANNOT,
          "'%s' can be no name of an account: letters, digits, and in between . _ - and the like"
              .formatted(localPart));
    }
  }
}
