package dev.staffetta.domain;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailAddress;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where addresses lead, each place once.
 *
 * @param accounts those here, and the address that led to it
 * @param remote addresses of other domains, and the address that led to it: itself, if no alias did
 */
public record Destinations(
    Map<AccountId, MailAddress> accounts, Map<MailAddress, MailAddress> remote) {
  public Destinations {
    accounts = Collections.unmodifiableMap(new LinkedHashMap<>(accounts));
    remote = Collections.unmodifiableMap(new LinkedHashMap<>(remote));
  }

  /** Addresses that more than one place is behind: aliases all. */
  public Set<MailAddress> expanded() {
    Set<MailAddress> once = new HashSet<>();
    return Stream.concat(accounts.values().stream(), remote.values().stream())
        .filter(origin -> !once.add(origin))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether nobody is there. */
  public boolean isEmpty() {
    return accounts.isEmpty() && remote.isEmpty();
  }
}
