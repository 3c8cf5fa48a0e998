package dev.staffetta.domain;

import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Decision;
import java.util.List;

/** What a domain does with its keys: pure functions of its state. */
final class DkimDecisions {
  /** Some to change from one to the next, and for a service that signs for the domain. */
  private static final int MAX_KEYS = 16;

  private DkimDecisions() {}

  /** The first of its algorithm signs at once: unsigned mail is no better. */
  static Decision<DomainChange, Boolean> add(DomainState state, DomainKey key) {
    DomainDecisions.requireExists(state);
    if (state.dkimKeys().containsKey(key.selector())) {
      throw new Refusal(
          Refusal.Code.ALREADYEXISTS,
          "%s has a key with the selector %s already".formatted(state.name(), key.selector()));
    }
    if (state.dkimKeys().size() >= MAX_KEYS) {
      throw new Refusal(Refusal.Code.LIMIT, "a domain has " + MAX_KEYS + " keys at most");
    }
    boolean isFirst = state.dkimKeys().values().stream().noneMatch(other -> signsAlike(other, key));
    return Decision.answer(true, List.of(new DomainChange.DkimKeyAdded(key.withActive(isFirst))));
  }

  private static boolean signsAlike(DomainKey other, DomainKey key) {
    return other.isActive() && other.algorithm() == key.algorithm();
  }

  static Decision<DomainChange, Boolean> activate(DomainState state, String selector) {
    DomainDecisions.requireExists(state);
    DomainKey key = state.dkimKeys().get(selector);
    if (key == null) {
      throw new Refusal(
          Refusal.Code.NONEXISTENT,
          "%s has no key with the selector %s".formatted(state.name(), selector));
    }
    return key.isActive()
        ? Decision.answer(false)
        : Decision.answer(true, List.of(new DomainChange.DkimKeyActivated(selector)));
  }

  static Decision<DomainChange, Boolean> remove(DomainState state, String selector) {
    return state.dkimKeys().containsKey(selector)
        ? Decision.answer(true, List.of(new DomainChange.DkimKeyRemoved(selector)))
        : Decision.answer(false);
  }
}
