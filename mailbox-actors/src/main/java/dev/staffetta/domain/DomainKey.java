package dev.staffetta.domain;

import dev.staffetta.dkim.DkimAlgorithm;

/**
 * A key that a domain signs mail with, or will.
 *
 * @param isActive signs
 * @param privateKey PKCS#8 in base64; never shown
 * @param record text of its DNS record
 */
record DomainKey(
    String selector, DkimAlgorithm algorithm, boolean isActive, String privateKey, String record) {
  DomainKey withActive(boolean newActive) {
    return new DomainKey(selector, algorithm, newActive, privateKey, record);
  }

  /** Without the private key. */
  @Override
  public String toString() {
    return "DomainKey[" + selector + ", " + algorithm + (isActive ? ", active]" : "]");
  }
}
