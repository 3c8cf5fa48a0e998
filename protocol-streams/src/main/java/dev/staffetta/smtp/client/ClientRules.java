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
}
