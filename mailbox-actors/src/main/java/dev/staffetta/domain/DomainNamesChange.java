package dev.staffetta.domain;

import org.pcollections.TreePMap;

/** What is written of the list of all domains. */
public sealed interface DomainNamesChange {
  /** The list after this. */
  Names applyTo(Names names);

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
  }
}
