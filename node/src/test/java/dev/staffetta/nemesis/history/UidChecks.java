package dev.staffetta.nemesis.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A UID names one content for ever, UIDVALIDITY stays, and UIDs and UIDNEXT only grow: what began
 * after another had ended has the larger one.
 */
final class UidChecks {
  private static final String LIE = "UIDs never lie";

  private final Ledger ledger;
  private final List<Violation> violations = new ArrayList<>();

  private UidChecks(Ledger ledger) {
    this.ledger = ledger;
  }

  static List<Violation> check(Ledger ledger) {
    UidChecks checks = new UidChecks(ledger);
    checks.oneContentEach();
    checks.validityStays();
    checks.uidsGrow();
    return checks.violations;
  }

  private void oneContentEach() {
    for (Life life : ledger.lives()) {
      if (life.tokens.size() > 1) {
        List<Operation> about = new ArrayList<>();
        life.tokens.forEach(token -> about.addAll(ledger.about(token)));
        violations.add(new Violation(LIE, life.instance + " named each of " + life.tokens, about));
      }
    }
  }

  private void validityStays() {
    Map<Folder, Read> first = new HashMap<>();
    for (Read read : ledger.reads()) {
      Read other = first.putIfAbsent(read.folder(), read);
      if (other != null && other.uidValidity() != read.uidValidity()) {
        violations.add(
            new Violation(
                LIE,
                "UIDVALIDITY is "
                    + other.uidValidity()
                    + " in "
                    + other
                    + " and "
                    + read.uidValidity()
                    + " in "
                    + read,
                List.of()));
      }
    }
  }

  /** From {@code ended} on UIDNEXT is at least {@code uidNext}. */
  private record Floor(long ended, long uidNext, String why) {}

  /** What began then must not be below the floors that were there. */
  private record Measured(long began, long uidNext, String what, List<Operation> involved) {}

  private void uidsGrow() {
    Map<Folder, List<Floor>> floors = new HashMap<>();
    Map<Folder, List<Measured>> measured = new HashMap<>();
    for (Read read : ledger.reads()) {
      long highest = read.messages().stream().mapToLong(Read.Sighting::uid).max().orElse(0) + 1;
      long uidNext = Math.max(highest, read.uidNext().orElse(0));
      add(floors, read.folder(), new Floor(read.span().ended(), uidNext, read.toString()));
      if (read.uidNext().isPresent()) {
        String what = "UIDNEXT " + read.uidNext().getAsLong() + " in " + read;
        add(
            measured,
            read.folder(),
            new Measured(read.span().began(), read.uidNext().getAsLong(), what, List.of()));
      }
    }
    for (Life life : ledger.lives()) {
      if (life.origin.isPresent() && life.knownFrom != Span.NEVER) {
        Operation origin = life.origin.get();
        long uid = life.instance.uid();
        String what = life.instance + " of " + life.token();
        add(floors, life.instance.folder(), new Floor(life.knownFrom, uid + 1, what));
        // A UID may be UIDNEXT itself, but not below.
        long began = origin.attempt().span().began();
        add(measured, life.instance.folder(), new Measured(began, uid, what, List.of(origin)));
      }
    }
    measured.forEach((folder, all) -> hold(all, floors.get(folder)));
  }

  private static <T> void add(Map<Folder, List<T>> lists, Folder folder, T element) {
    lists.computeIfAbsent(folder, f -> new ArrayList<>()).add(element);
  }

  private void hold(List<Measured> measured, List<Floor> floors) {
    measured.sort(Comparator.comparingLong(Measured::began));
    floors.sort(Comparator.comparingLong(Floor::ended));
    int next = 0;
    Floor highest = new Floor(0, 0, "");
    for (Measured m : measured) {
      for (; next < floors.size() && floors.get(next).ended() < m.began(); next++) {
        if (floors.get(next).uidNext() > highest.uidNext()) {
          highest = floors.get(next);
        }
      }
      if (m.uidNext() < highest.uidNext()) {
        violations.add(
            new Violation(
                LIE,
                m.what()
                    + " is below "
                    + highest.uidNext()
                    + ", which UIDNEXT was before by "
                    + highest.why(),
                m.involved()));
      }
    }
  }
}
