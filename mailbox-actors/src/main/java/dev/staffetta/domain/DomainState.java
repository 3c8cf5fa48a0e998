package dev.staffetta.domain;

import dev.staffetta.ports.MailAddress;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * All that a domain knows. Immutable; only {@link DomainChange}s make a new one, which shares all
 * that stayed: a domain may have a hundred thousand accounts.
 *
 * @param name lower-case
 * @param accounts local parts, lower-case
 * @param aliases local parts, lower-case, and where they lead
 */
record DomainState(
    String name,
    boolean exists,
    TreePMap<String, Boolean> accounts,
    TreePMap<String, List<MailAddress>> aliases) {
  /** Before the first change. */
  static DomainState absent(String name) {
    return new DomainState(name, false, TreePMap.empty(), TreePMap.empty());
  }

  DomainState withAccount(String localPart) {
    return new DomainState(name, exists, accounts.plus(localPart, true), aliases);
  }

  DomainState withoutAccount(String localPart) {
    return new DomainState(name, exists, accounts.minus(localPart), aliases);
  }

  DomainState withAlias(String localPart, List<MailAddress> targets) {
    return new DomainState(name, exists, accounts, aliases.plus(localPart, List.copyOf(targets)));
  }

  DomainState withoutAlias(String localPart) {
    return new DomainState(name, exists, accounts, aliases.minus(localPart));
  }
}
