package dev.staffetta.nemesis.history;

import dev.staffetta.nemesis.history.Operation.FlagChange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a history tells of one instance. Filled by {@link Ledger} and not changed after. */
final class Life {
  final Instance instance;

  /** The contents it was seen with or made with; more than one is a violation. */
  final Set<String> tokens = new LinkedHashSet<>();

  /** What made it, where that is certain. */
  Optional<Operation> origin = Optional.empty();

  /** From then on it is known to be there, unless it was removed. */
  long knownFrom = Span.NEVER;

  /** From then on it is known to be gone. */
  long goneFrom = Span.NEVER;

  /** What can have removed it. */
  final List<Attempt> removals = new ArrayList<>();

  final List<FlagChange> flagChanges = new ArrayList<>();

  Life(Instance instance) {
    this.instance = instance;
  }

  void knownFrom(long time) {
    knownFrom = Math.min(knownFrom, time);
  }

  void goneFrom(long time) {
    goneFrom = Math.min(goneFrom, time);
  }

  /** Whether it can have been removed before then. */
  boolean mayBeGoneBefore(long time) {
    return removals.stream().anyMatch(r -> r.span().began() < time);
  }

  String token() {
    return tokens.isEmpty() ? "?" : tokens.iterator().next();
  }
}
