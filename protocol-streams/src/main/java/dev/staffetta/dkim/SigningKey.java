package dev.staffetta.dkim;

import java.security.PrivateKey;

/**
 * What a domain signs with.
 *
 * @param domain of A-labels, lower-case
 * @param selector the key's record is at {@code SELECTOR._domainkey.DOMAIN}
 */
public record SigningKey(
    String domain, String selector, DkimAlgorithm algorithm, PrivateKey privateKey) {
  /** Without the key itself. */
  @Override
  public String toString() {
    return "SigningKey[" + selector + "._domainkey." + domain + " " + algorithm.tag() + "]";
  }
}
