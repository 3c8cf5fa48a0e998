package dev.staffetta.domain;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.sharding.Operations;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * All that a domain knows. Immutable; only {@link DomainChange}s make a new one, which shares all
 * that stayed: a domain may have a hundred thousand accounts.
 *
 * @param name lower-case
 * @param accounts local parts, lower-case
 * @param aliases local parts, lower-case, and where they lead
 * @param operations changes of late that must not be made twice
 */
record DomainState(
    String name,
    boolean exists,
    TreePMap<String, Boolean> accounts,
    TreePMap<String, List<MailAddress>> aliases,
    Operations operations) {
  /** Before the first change. */
  static DomainState absent(String name) {
    return new DomainState(name, false, TreePMap.empty(), TreePMap.empty(), Operations.NONE);
  }

  DomainState withAccount(String localPart) {
    return new DomainState(name, exists, accounts.plus(localPart, true), aliases, operations);
  }

  DomainState withoutAccount(String localPart) {
    return new DomainState(name, exists, accounts.minus(localPart), aliases, operations);
  }

  DomainState withAlias(String localPart, List<MailAddress> targets) {
    return new DomainState(
        name, exists, accounts, aliases.plus(localPart, List.copyOf(targets)), operations);
  }

  DomainState withoutAlias(String localPart) {
    return new DomainState(name, exists, accounts, aliases.minus(localPart), operations);
  }

  /** The domain, empty, whether it exists or not. */
  DomainState emptied(boolean newExists) {
    return new DomainState(name, newExists, TreePMap.empty(), TreePMap.empty(), operations);
  }

  DomainState remembering(ContentId operation) {
    return new DomainState(name, exists, accounts, aliases, operations.plus(operation, 0));
  }
}
