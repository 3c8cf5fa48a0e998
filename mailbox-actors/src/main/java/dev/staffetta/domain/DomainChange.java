package dev.staffetta.domain;

import dev.staffetta.journal.MakesRoom;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailAddress;
import java.util.List;

/**
 * What is written of a domain. How it looks in bytes says {@code domain.proto}; those bytes are
 * read for ever.
 */
public sealed interface DomainChange extends MakesRoom {
  /** The domain after this. */
  DomainState applyTo(DomainState state);

  /** Removals are written when the disk is nearly full too. */
  @Override
  default boolean makesRoom() {
    return false;
  }

  /** The domain is there, without accounts. */
  record Created() implements DomainChange {
    @Override
    public DomainState applyTo(DomainState state) {
      return state.emptied(true);
    }
  }

  /** The domain is no more. */
  record Removed() implements DomainChange {
    @Override
    public DomainState applyTo(DomainState state) {
      return state.emptied(false);
    }

    @Override
    public boolean makesRoom() {
      return true;
    }
  }

  record AccountAdded(String localPart) implements DomainChange {
    @Override
    public DomainState applyTo(DomainState state) {
      return state.withAccount(localPart);
    }
  }

  record AccountRemoved(String localPart) implements DomainChange {
    @Override
    public DomainState applyTo(DomainState state) {
      return state.withoutAccount(localPart);
    }

    @Override
    public boolean makesRoom() {
      return true;
    }
  }

  /** Mail for a local part goes elsewhere; replaces what it was. */
  record AliasAdded(String localPart, List<MailAddress> targets) implements DomainChange {
    public AliasAdded {
      targets = List.copyOf(targets);
    }

    @Override
    public DomainState applyTo(DomainState state) {
      return state.withAlias(localPart, targets);
    }
  }

  record AliasRemoved(String localPart) implements DomainChange {
    @Override
    public DomainState applyTo(DomainState state) {
      return state.withoutAlias(localPart);
    }

    @Override
    public boolean makesRoom() {
      return true;
    }
  }

  /** A key to sign with. */
  record DkimKeyAdded(DomainKey key) implements DomainChange {
    @Override
    public DomainState applyTo(DomainState state) {
      return state.withDkimKey(key);
    }
  }

  /** This key signs, no other of its algorithm does. */
  record DkimKeyActivated(String selector) implements DomainChange {
    @Override
    public DomainState applyTo(DomainState state) {
      return state.withActiveDkimKey(selector);
    }
  }

  record DkimKeyRemoved(String selector) implements DomainChange {
    @Override
    public DomainState applyTo(DomainState state) {
      return state.withoutDkimKey(selector);
    }

    @Override
    public boolean makesRoom() {
      return true;
    }
  }

  /** The changes written with this one are all of a command that must not be carried out twice. */
  record OperationDone(ContentId operation) implements DomainChange {
    @Override
    public DomainState applyTo(DomainState state) {
      return state.remembering(operation);
    }

    /** What is written with it says whether there is room. */
    @Override
    public boolean makesRoom() {
      return true;
    }
  }
}
