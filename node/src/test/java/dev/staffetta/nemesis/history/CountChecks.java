package dev.staffetta.nemesis.history;

import dev.staffetta.nemesis.history.Operation.Delivery;
import dev.staffetta.nemesis.history.Operation.Removal;
import dev.staffetta.nemesis.history.Operation.Transfer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Nothing comes twice or from nowhere: a folder never shows more instances of a content than were
 * put there; and when all is quiet, an account has as many in all as were put and copied there,
 * less those that were removed, since a move makes and loses none.
 */
final class CountChecks {
  private static final String ONCE = "delivered once";
  static final String MOVES = "a move loses and doubles nothing";

  private final Ledger ledger;
  private final List<Violation> violations = new ArrayList<>();

  private CountChecks(Ledger ledger) {
    this.ledger = ledger;
  }

  static List<Violation> check(Ledger ledger) {
    CountChecks checks = new CountChecks(ledger);
    checks.everInstances();
    checks.inTheEnd();
    return checks.violations;
  }

  private void everInstances() {
    Map<Ledger.Placement, List<Instance>> instances = new HashMap<>();
    for (Life life : ledger.lives()) {
      if (life.knownFrom != Span.NEVER) {
        instances
            .computeIfAbsent(
                new Ledger.Placement(life.instance.folder(), life.token()), p -> new ArrayList<>())
            .add(life.instance);
      }
    }
    instances.forEach(
        (placement, all) -> {
          int most = ledger.creations(placement.folder(), placement.token()).size();
          if (all.size() > most) {
            violations.add(
                new Violation(
                    ONCE,
                    placement.token()
                        + " was in "
                        + placement.folder()
                        + " as "
                        + all
                        + ", and was put there at most "
                        + most
                        + " times",
                    ledger.about(placement.token())));
          }
        });
  }

  /** What was put into, copied within and removed from an account, of one content. */
  private static final class Sum {
    int made;
    int perhapsMade;
    final Set<Instance> removed = new HashSet<>();
    final Set<Instance> perhapsRemoved = new HashSet<>();
    int there;
  }

  private record OfAccount(String account, String token) {}

  private void inTheEnd() {
    Map<Folder, Read> last = lastReads();
    Map<OfAccount, Sum> sums = new HashMap<>();
    ledger.operations().stream().filter(o -> o.attempt().isPossible()).forEach(o -> add(o, sums));
    last.forEach(
        (folder, read) ->
            read.messages()
                .forEach(
                    s ->
                        sums.computeIfAbsent(
                                new OfAccount(folder.account(), s.token()), t -> new Sum())
                            .there++));
    Set<String> accountsRead = new HashSet<>();
    last.keySet().forEach(folder -> accountsRead.add(folder.account()));
    sums.forEach(
        (key, sum) -> {
          if (accountsRead.contains(key.account())) {
            hold(key, sum);
          }
        });
  }

  private Map<Folder, Read> lastReads() {
    Map<Folder, Read> last = new HashMap<>();
    for (Read read : ledger.reads()) {
      if (read.isFinal()) {
        last.merge(read.folder(), read, (a, b) -> a.span().ended() > b.span().ended() ? a : b);
      }
    }
    return last;
  }

  private void add(Operation operation, Map<OfAccount, Sum> sums) {
    boolean isDone = operation.attempt().isDone();
    if (operation instanceof Delivery delivery) {
      delivery.folders().forEach(f -> made(of(f, delivery.token(), sums), isDone));
    } else if (operation instanceof Transfer transfer && !transfer.moves()) {
      made(of(transfer.target(), transfer.token(), sums), isDone);
    } else if (operation instanceof Removal removal) {
      Sum sum = of(removal.instance().folder(), removal.token(), sums);
      sum.perhapsRemoved.add(removal.instance());
      // Had it been moved away before, there was nothing to remove.
      boolean mayHaveMoved =
          ledger.lifeOf(removal.instance()).removals.size() > 1 && isMoved(removal);
      if (isDone && !mayHaveMoved) {
        sum.removed.add(removal.instance());
      }
    }
  }

  private boolean isMoved(Removal removal) {
    return ledger.about(removal.token()).stream()
        .anyMatch(
            o ->
                o instanceof Transfer transfer
                    && transfer.moves()
                    && transfer.source().equals(removal.instance()));
  }

  private static void made(Sum sum, boolean isDone) {
    sum.made += isDone ? 1 : 0;
    sum.perhapsMade++;
  }

  private static Sum of(Folder folder, String token, Map<OfAccount, Sum> sums) {
    return sums.computeIfAbsent(new OfAccount(folder.account(), token), k -> new Sum());
  }

  private void hold(OfAccount key, Sum sum) {
    int least = sum.made - sum.perhapsRemoved.size();
    int most = sum.perhapsMade - sum.removed.size();
    if (sum.there < least || sum.there > most) {
      violations.add(
          new Violation(
              MOVES,
              key.token()
                  + " is "
                  + sum.there
                  + " times in "
                  + key.account()
                  + " in the end, should be "
                  + least
                  + " to "
                  + most,
              ledger.about(key.token())));
    }
  }
}
