package dev.staffetta.domain;

import dev.staffetta.journal.MakesRoom;
import org.pcollections.TreePMap;

/** What is written of the list of all domains. */
public sealed interface DomainNamesChange extends MakesRoom {
  /** The list after this. */
  Names applyTo(Names names);

  /** Removals are written when the disk is nearly full too. */
  @Override
  default boolean makesRoom() {
    return false;
  }

  /** All names. */
  record Names(TreePMap<String, Boolean> byName) {}

  record Added(String name) implements DomainNamesChange {
    @Override
    public Names applyTo(Names names) {
      return new Names(names.byName().plus(name, true));
    }
  }

  record Removed(String name) implements DomainNamesChange {
    @Override
    public Names applyTo(Names names) {
      return new Names(names.byName().minus(name));
    }

    @Override
    public boolean makesRoom() {
      return true;
    }
  }
}
