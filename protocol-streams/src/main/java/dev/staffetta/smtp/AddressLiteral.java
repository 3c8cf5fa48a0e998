package dev.staffetta.smtp;

import java.util.Locale;

/**
 * What stands between the brackets of an address literal (RFC 5321 4.1.3). A tag other than {@code
 * IPv6} is not known: none is registered.
 */
final class AddressLiteral {
  private static final String IPV6_TAG = "ipv6:";
  private static final int IPV6_GROUPS = 8;

  private AddressLiteral() {}

  /** Whether it is an IPv4-address-literal or an IPv6-address-literal. */
  static boolean isValid(String literal) {
    return literal.toLowerCase(Locale.ROOT).startsWith(IPV6_TAG)
        ? isIpv6(literal.substring(IPV6_TAG.length()))
        : isIpv4(literal);
  }

  private static boolean isIpv4(String text) {
    String[] numbers = text.split("\\.", -1);
    if (numbers.length != 4) {
      return false;
    }
    for (String number : numbers) {
      if (!hasOnly("0123456789", number, 3) || Integer.parseInt(number) > 255) {
        return false;
      }
    }
    return true;
  }

  /** Full or with one {@code ::}, which stands for two groups or more; IPv4 may end it. */
  private static boolean isIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text, true) == IPV6_GROUPS;
    }
    String before = text.substring(0, gap);
    String after = text.substring(gap + 2);
    int left = before.isEmpty() ? 0 : groups(before, false);
    int right = after.isEmpty() ? 0 : groups(after, true);
    return left >= 0 && right >= 0 && left + right <= IPV6_GROUPS - 2;
  }

  /** How many groups of 16 bits; negative: something is none. */
  private static int groups(String text, boolean mayEndInIpv4) {
    String[] parts = text.split(":", -1);
    int groups = 0;
    for (int i = 0; i < parts.length; i++) {
      if (hasOnly("0123456789abcdefABCDEF", parts[i], 4)) {
        groups++;
      } else if (mayEndInIpv4 && i == parts.length - 1 && isIpv4(parts[i])) {
        groups += 2;
      } else {
        return -1;
      }
    }
    return groups;
  }

  private static boolean hasOnly(String allowed, String text, int maxLength) {
    return !text.isEmpty()
        && text.length() <= maxLength
        && text.chars().allMatch(c -> allowed.indexOf(c) >= 0);
  }
}
