package dev.staffetta.ports;

import java.util.Locale;

/**
 * Names an account by its address, lower-case: {@code alice@example.com}.
 *
 * <p>Upper and lower case of a local part are different mailboxes by RFC 5321 2.4, but no host that
 * people use tells them apart, and neither does this one.
 */
public record AccountId(String address) {
  public AccountId {
    if (address.indexOf('@') < 1 || address.endsWith("@")) {
      throw new IllegalArgumentException(
          "an account is named local-part@domain, not '" + address + "'");
    }
    address = address.toLowerCase(Locale.ROOT);
  }

  /** The part after the last {@code @}. */
  public String domain() {
    return address.substring(address.lastIndexOf('@') + 1);
  }

  /** The part before the last {@code @}. */
  public String localPart() {
    return address.substring(0, address.lastIndexOf('@'));
  }

  @Override
  public String toString() {
    return address;
  }
}
