package dev.staffetta.nemesis.history;

import dev.staffetta.nemesis.history.Operation.Delivery;
import dev.staffetta.nemesis.history.Operation.FlagChange;
import dev.staffetta.nemesis.history.Operation.Removal;
import dev.staffetta.nemesis.history.Operation.Transfer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A history by instance, by folder and by content: what every check looks things up in. */
final class Ledger {
  /** A content in a folder. */
  record Placement(Folder folder, String token) {}

  private final List<Operation> operations;
  private final List<Read> reads;
  private final Map<Instance, Life> lives = new HashMap<>();
  private final Map<Folder, Map<Long, Life>> byFolder = new HashMap<>();
  private final Map<Placement, List<Operation>> creations = new HashMap<>();
  private final Map<Placement, List<Attempt>> removals = new HashMap<>();
  private final Map<String, List<Operation>> byToken = new HashMap<>();

  Ledger(List<Operation> operations, List<Read> reads) {
    this.operations = operations;
    this.reads = reads;
    operations.stream().filter(o -> o.attempt().isPossible()).forEach(this::enter);
    reads.forEach(this::enter);
    reads.forEach(this::absences);
    lives.values().forEach(this::guessOrigin);
  }

  private void enter(Operation operation) {
    if (operation instanceof Delivery delivery) {
      remember(delivery.token(), delivery);
      delivery
          .folders()
          .forEach(folder -> create(folder, delivery.token(), delivery.uid(), delivery));
    } else if (operation instanceof Transfer transfer) {
      remember(transfer.token(), transfer);
      create(transfer.target(), transfer.token(), transfer.uid(), transfer);
      if (transfer.moves()) {
        remove(transfer.source(), transfer.token(), transfer.attempt());
      }
    } else if (operation instanceof Removal removal) {
      remember(removal.token(), removal);
      remove(removal.instance(), removal.token(), removal.attempt());
    } else if (operation instanceof FlagChange change) {
      remember(change.token(), change);
      life(change.instance()).flagChanges.add(change);
    }
  }

  private void remember(String token, Operation operation) {
    byToken.computeIfAbsent(token, t -> new ArrayList<>()).add(operation);
  }

  private void create(Folder folder, String token, OptionalLong uid, Operation operation) {
    creations.computeIfAbsent(new Placement(folder, token), p -> new ArrayList<>()).add(operation);
    if (uid.isPresent()) {
      Life life = life(new Instance(folder, uid.getAsLong()));
      life.tokens.add(token);
      life.origin = java.util.Optional.of(operation);
      life.knownFrom(operation.attempt().effectiveAt());
    }
  }

  private void remove(Instance instance, String token, Attempt attempt) {
    Life life = life(instance);
    life.removals.add(attempt);
    life.goneFrom(attempt.effectiveAt());
    removals
        .computeIfAbsent(new Placement(instance.folder(), token), p -> new ArrayList<>())
        .add(attempt);
  }

  private void enter(Read read) {
    for (Read.Sighting sighting : read.messages()) {
      Life life = life(new Instance(read.folder(), sighting.uid()));
      life.tokens.add(sighting.token());
      life.knownFrom(read.span().ended());
    }
  }

  /** What was there and is not seen is gone for ever. */
  private void absences(Read read) {
    Set<Long> seen = uids(read);
    for (Life life : lives(read.folder())) {
      if (life.knownFrom < read.span().began() && !seen.contains(life.instance.uid())) {
        life.goneFrom(read.span().ended());
      }
    }
  }

  /** Where there is one thing only that can have made an instance, it has. */
  private void guessOrigin(Life life) {
    List<Operation> possible = creations(life.instance.folder(), life.token());
    if (life.origin.isEmpty() && possible.size() == 1) {
      life.origin = java.util.Optional.of(possible.get(0));
    }
  }

  private Life life(Instance instance) {
    return lives.computeIfAbsent(
        instance,
        i -> {
          Life life = new Life(i);
          byFolder.computeIfAbsent(i.folder(), f -> new TreeMap<>()).put(i.uid(), life);
          return life;
        });
  }

  static Set<Long> uids(Read read) {
    return read.messages().stream().map(Read.Sighting::uid).collect(Collectors.toSet());
  }

  List<Operation> operations() {
    return operations;
  }

  List<Read> reads() {
    return reads;
  }

  Life lifeOf(Instance instance) {
    return lives.getOrDefault(instance, new Life(instance));
  }

  Collection<Life> lives() {
    return lives.values();
  }

  Collection<Life> lives(Folder folder) {
    return byFolder.getOrDefault(folder, Map.of()).values();
  }

  /** All that can have put this content there. */
  List<Operation> creations(Folder folder, String token) {
    return creations.getOrDefault(new Placement(folder, token), List.of());
  }

  Map<Placement, List<Operation>> creations() {
    return creations;
  }

  /** All that can have taken this content from there. */
  List<Attempt> removals(Folder folder, String token) {
    return removals.getOrDefault(new Placement(folder, token), List.of());
  }

  /** All that was tried with a content, for a report. */
  List<Operation> about(String token) {
    return byToken.getOrDefault(token, List.of());
  }
}
