package dev.staffetta.ports;

import dev.staffetta.dkim.DkimAlgorithm;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The keys that domains sign mail with (RFC 6376). The private ones never leave the store. */
public interface DkimKeys {
  /**
   * Makes a key. The first of its algorithm signs at once; a later one waits for {@link
   * #activateDkimKey}, so that its record can be published before.
   *
   * @param selector empty: one is made of the algorithm and the day
   */
  CompletionStage<Key> addDkimKey(
      String domain, Optional<String> selector, DkimAlgorithm algorithm);

  CompletionStage<List<Key>> dkimKeys(String domain);

  /** Signs with this key, and with no other of its algorithm. */
  CompletionStage<Void> activateDkimKey(String domain, String selector);

  CompletionStage<Void> removeDkimKey(String domain, String selector);

  /**
   * What everybody may know of a key.
   *
   * @param isActive signs
   * @param record text of the TXT record at {@link #name}
   */
  record Key(
      String domain, String selector, DkimAlgorithm algorithm, boolean isActive, String record) {
    /** Where the record is published. */
    public String name() {
      return selector + "._domainkey." + domain;
    }
  }
}
