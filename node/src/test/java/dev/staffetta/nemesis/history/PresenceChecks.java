package dev.staffetta.nemesis.history;

import dev.staffetta.nemesis.history.Operation.Delivery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every read shows what was acknowledged to anybody, or seen by anybody, before it began, and
 * nothing that was removed before it began: no message lost, no deletion undone, one truth on all
 * nodes.
 */
final class PresenceChecks {
  private static final String KEPT = "acknowledged is kept";
  private static final String GONE = "no deletion is undone";

  private final Ledger ledger;
  private final Map<Folder, List<Delivery>> withoutUid = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();

  private PresenceChecks(Ledger ledger) {
    this.ledger = ledger;
    for (Operation operation : ledger.operations()) {
      if (operation instanceof Delivery delivery
          && delivery.attempt().isDone()
          && delivery.uid().isEmpty()) {
        delivery
            .folders()
            .forEach(f -> withoutUid.computeIfAbsent(f, g -> new ArrayList<>()).add(delivery));
      }
    }
  }

  static List<Violation> check(Ledger ledger) {
    PresenceChecks checks = new PresenceChecks(ledger);
    ledger.reads().forEach(checks::check);
    return checks.violations;
  }

  private void check(Read read) {
    Set<Long> seen = Ledger.uids(read);
    for (Life life : ledger.lives(read.folder())) {
      if (seen.contains(life.instance.uid())) {
        if (life.goneFrom < read.span().began()) {
          violations.add(
              new Violation(
                  GONE,
                  life.instance
                      + " ("
                      + life.token()
                      + ") was gone at "
                      + new Span(life.goneFrom, life.goneFrom)
                      + " and is there in "
                      + read,
                  ledger.about(life.token())));
        }
      } else if (life.knownFrom < read.span().began()
          && !life.mayBeGoneBefore(read.span().ended())) {
        violations.add(
            new Violation(
                KEPT,
                life.instance + " (" + life.token() + ") is missing in " + read,
                ledger.about(life.token())));
      }
    }
    checkDeliveriesWithoutUid(read);
  }

  private void checkDeliveriesWithoutUid(Read read) {
    Set<String> tokens = new java.util.HashSet<>();
    read.messages().forEach(sighting -> tokens.add(sighting.token()));
    for (Delivery delivery : withoutUid.getOrDefault(read.folder(), List.of())) {
      if (delivery.attempt().effectiveAt() < read.span().began()
          && !tokens.contains(delivery.token())
          && ledger.removals(read.folder(), delivery.token()).stream()
              .noneMatch(r -> r.span().began() < read.span().ended())) {
        violations.add(
            new Violation(
                KEPT, delivery.token() + " is missing in " + read, ledger.about(delivery.token())));
      }
    }
  }
}
