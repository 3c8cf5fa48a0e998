package dev.staffetta.smtp.client;

import dev.staffetta.config.RelayClientSettings;

/**
 * What a session of a client goes by.
 *
 * @param ownName for EHLO
 */
record ClientRules(String ownName, Hop hop, RelayClientSettings settings) {
  boolean isLmtp() {
    return hop.dialect() == Hop.Dialect.LMTP;
  }

  /** Whether the server may be somebody else than it says. */
  boolean isVerified() {
    return hop.security().check() != HopSecurity.Check.NONE;
  }
}
