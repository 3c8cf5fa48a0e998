package dev.staffetta.nemesis.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Holds a history against the promises that {@code docs/nemesis.md} lists. Pure. A history that
 * this passes may still hide a fault that no client saw; one that it does not pass has one,
 * whatever order the concurrent operations took.
 */
public final class Checker {
  private Checker() {}

  /** Every broken promise; none when all hold. */
  public static List<Violation> check(History history) {
    List<Violation> violations = new ArrayList<>();
    history.complaints().forEach(c -> violations.add(complaint(c)));
    List<Operation> operations = new ArrayList<>();
    for (Operation operation : history.operations()) {
      Optional<Isolation> isolation =
          history.isolations().stream().filter(i -> i.holds(operation.attempt())).findFirst();
      if (isolation.isPresent() && operation.attempt().isDone()) {
        violations.add(acknowledgedAlone(operation, isolation.get()));
      }
      boolean cannotHappen =
          isolation.isPresent() && isolation.get().isForgotten() && !operation.attempt().isDone();
      operations.add(cannotHappen ? operation.withOutcome(Outcome.REFUSED) : operation);
    }
    Ledger ledger = new Ledger(operations, history.reads());
    Stream.of(
            UidChecks.check(ledger),
            PresenceChecks.check(ledger),
            CountChecks.check(ledger),
            FlagChecks.check(ledger))
        .forEach(violations::addAll);
    return violations;
  }

  private static Violation complaint(Complaint complaint) {
    return new Violation("never a hang, never a wrong answer", complaint.toString(), List.of());
  }

  private static Violation acknowledgedAlone(Operation operation, Isolation isolation) {
    return new Violation(
        "one writer, fenced",
        "acknowledged while " + isolation.nodes() + " reached no other node, " + isolation.span(),
        List.of(operation));
  }
}
