package dev.staffetta.nemesis.history;

import dev.staffetta.nemesis.history.Operation.Delivery;
import dev.staffetta.nemesis.history.Operation.FlagChange;
import dev.staffetta.nemesis.history.Operation.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A flag is a register: a read shows what was written last, where any order of concurrent writes
 * will do, and an open one may have happened at any time. A copy begins with what its source had.
 */
final class FlagChecks {
  /** The flags that clients set and clear, and no server does by itself. */
  static final Set<String> FLAGS = Set.of("\\Flagged", "\\Answered", "\\Draft", "nemesis");

  /** Where UIDs name several contents, a message can seem to be its own ancestor. */
  private static final int MOST_ANCESTORS = 100;

  private final Ledger ledger;
  private final List<Violation> violations = new ArrayList<>();

  private FlagChecks(Ledger ledger) {
    this.ledger = ledger;
  }

  static List<Violation> check(Ledger ledger) {
    FlagChecks checks = new FlagChecks(ledger);
    ledger.reads().forEach(checks::check);
    return checks.violations;
  }

  private void check(Read read) {
    for (Read.Sighting sighting : read.messages()) {
      Life life = ledger.lifeOf(new Instance(read.folder(), sighting.uid()));
      for (String flag : FLAGS) {
        boolean isSet = sighting.flags().contains(flag);
        if (!isExplained(life, flag, isSet, read.span(), 0)) {
          violations.add(
              new Violation(
                  "no flag is lost",
                  life.instance
                      + " ("
                      + life.token()
                      + ") is "
                      + (isSet ? "" : "not ")
                      + flag
                      + " in "
                      + read,
                  about(life)));
        }
      }
    }
  }

  private List<Operation> about(Life life) {
    List<Operation> about = new ArrayList<>();
    life.origin.ifPresent(about::add);
    about.addAll(life.flagChanges);
    return about;
  }

  /** Whether a read in that time may show this. */
  private boolean isExplained(Life life, String flag, boolean isSet, Span read, int ancestors) {
    long lastOpposite = lastOpposite(life, flag, isSet, read.began());
    for (FlagChange change : life.flagChanges) {
      if (change.flag().equals(flag)
          && change.sets() == isSet
          && change.attempt().span().began() < read.ended()
          && change.attempt().effectiveAt() >= lastOpposite) {
        return true;
      }
    }
    return lastOpposite == Long.MIN_VALUE && mayBegin(life.origin, flag, isSet, ancestors);
  }

  /** When the last acknowledged change to the other value began that ended before the read. */
  private static long lastOpposite(Life life, String flag, boolean isSet, long readBegan) {
    long last = Long.MIN_VALUE;
    for (FlagChange change : life.flagChanges) {
      Attempt attempt = change.attempt();
      if (change.flag().equals(flag)
          && change.sets() != isSet
          && attempt.effectiveAt() < readBegan) {
        last = Math.max(last, attempt.span().began());
      }
    }
    return last;
  }

  /** Whether an instance may be like this from its beginning. */
  private boolean mayBegin(Optional<Operation> origin, String flag, boolean isSet, int ancestors) {
    if (origin.isEmpty() || ancestors == MOST_ANCESTORS) {
      return true;
    }
    if (origin.get() instanceof Delivery delivery) {
      return delivery.flags().contains(flag) == isSet;
    }
    if (origin.get() instanceof Transfer transfer) {
      Span when = new Span(transfer.attempt().span().began(), transfer.attempt().effectiveAt());
      return isExplained(ledger.lifeOf(transfer.source()), flag, isSet, when, ancestors + 1);
    }
    return true;
  }
}
