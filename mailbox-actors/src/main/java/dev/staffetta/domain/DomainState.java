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
 * @param dkimKeys by selector
 * @param operations changes of late that must not be made twice
 */
record DomainState(
    String name,
    boolean exists,
    TreePMap<String, Boolean> accounts,
    TreePMap<String, List<MailAddress>> aliases,
    TreePMap<String, DomainKey> dkimKeys,
    Operations<Boolean> operations) {
  /** Before the first change. */
  static DomainState absent(String name) {
    return new DomainState(
        name,
        false,
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        Operations.none(Operations.FEW));
  }

  DomainState withAccount(String localPart) {
    return new DomainState(
        name, exists, accounts.plus(localPart, true), aliases, dkimKeys, operations);
  }

  DomainState withoutAccount(String localPart) {
    return new DomainState(name, exists, accounts.minus(localPart), aliases, dkimKeys, operations);
  }

  DomainState withAlias(String localPart, List<MailAddress> targets) {
    return new DomainState(
        name,
        exists,
        accounts,
        aliases.plus(localPart, List.copyOf(targets)),
        dkimKeys,
        operations);
  }

  DomainState withoutAlias(String localPart) {
    return new DomainState(name, exists, accounts, aliases.minus(localPart), dkimKeys, operations);
  }

  /** The domain, empty, whether it exists or not. */
  DomainState emptied(boolean newExists) {
    return new DomainState(
        name, newExists, TreePMap.empty(), TreePMap.empty(), TreePMap.empty(), operations);
  }

  DomainState remembering(ContentId operation) {
    return new DomainState(
        name, exists, accounts, aliases, dkimKeys, operations.plus(operation, true));
  }

  DomainState withDkimKey(DomainKey key) {
    return withDkimKeys(dkimKeys.plus(key.selector(), key));
  }

  DomainState withoutDkimKey(String selector) {
    return withDkimKeys(dkimKeys.minus(selector));
  }

  /** This key signs, no other of its algorithm does. */
  DomainState withActiveDkimKey(String selector) {
    DomainKey active = dkimKeys.get(selector);
    if (active == null) {
      return this;
    }
    TreePMap<String, DomainKey> changed = dkimKeys;
    for (DomainKey key : dkimKeys.values()) {
      if (key.algorithm() == active.algorithm()) {
        changed = changed.plus(key.selector(), key.withActive(key.selector().equals(selector)));
      }
    }
    return withDkimKeys(changed);
  }

  private DomainState withDkimKeys(TreePMap<String, DomainKey> newKeys) {
    return new DomainState(name, exists, accounts, aliases, newKeys, operations);
  }
}
