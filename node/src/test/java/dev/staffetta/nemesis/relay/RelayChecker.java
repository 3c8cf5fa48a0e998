package dev.staffetta.nemesis.relay;

import dev.staffetta.nemesis.relay.RelayVerdict.Duplicates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Holds a history against what was promised: what was accepted is delivered, or comes back where
 * its destination will not have it, once. Copies of what was delivered are allowed and counted: the
 * protocol has no way round them (RFC 1047).
 */
final class RelayChecker {
  private static final long SHORTLY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final List<String> violations = new ArrayList<>();
  private final List<String> waiting = new ArrayList<>();
  private final Map<String, List<Receipt>> receipts = new HashMap<>();
  private final Map<String, List<Bounce>> bounces = new HashMap<>();
  private final List<Long> kills;
  private int dropped;
  private int resubmitted;
  private int killed;
  private int other;

  private RelayChecker(RelayHistory history) {
    kills = history.kills();
    history
        .receipts()
        .forEach(r -> receipts.computeIfAbsent(r.recipient(), to -> new ArrayList<>()).add(r));
    history
        .bounces()
        .forEach(b -> bounces.computeIfAbsent(b.recipient(), to -> new ArrayList<>()).add(b));
  }

  static RelayVerdict check(RelayHistory history) {
    RelayChecker checker = new RelayChecker(history);
    for (Submission submission : history.submissions()) {
      for (String recipient : submission.letter().recipients()) {
        checker.check(submission, recipient);
      }
    }
    checker.receipts.forEach((to, all) -> checker.violations.add("nobody sent what came to " + to));
    checker.bounces.forEach(
        (to, all) -> checker.violations.add("nobody sent to " + to + ": " + all));
    return new RelayVerdict(
        checker.violations,
        checker.waiting,
        new Duplicates(checker.dropped, checker.resubmitted, checker.killed, checker.other));
  }

  private void check(Submission submission, String recipient) {
    List<Receipt> came = take(receipts, recipient);
    List<Bounce> back = take(bounces, recipient);
    List<Receipt> told = came.stream().filter(Receipt::isAcknowledged).toList();
    came.stream()
        .filter(receipt -> !receipt.isWhole())
        .forEach(receipt -> violations.add(recipient + " got something else: " + receipt));
    back.stream()
        .filter(bounce -> !bounce.account().equals(submission.letter().sender()))
        .forEach(bounce -> violations.add("somebody else was told: " + bounce));
    if (back.size() > 1 + submission.openEnds()) {
      violations.add(recipient + " was reported " + back.size() + " times, sent " + submission);
    }
    if (RelayLetter.isTaken(recipient)) {
      if (!back.isEmpty()) {
        violations.add(recipient + " was reported as failed, and its server takes it");
      }
      if (submission.isAccepted() && told.isEmpty()) {
        waiting.add(recipient);
      }
      count(submission, came, told);
    } else {
      if (!came.isEmpty()) {
        violations.add(recipient + " was taken by a server that refuses it");
      }
      if (submission.isAccepted() && back.isEmpty()) {
        waiting.add(recipient);
      }
    }
  }

  private void count(Submission submission, List<Receipt> came, List<Receipt> told) {
    dropped += came.size() - told.size();
    int more = Math.max(0, told.size() - 1);
    int again = Math.min(more, submission.openEnds());
    resubmitted += again;
    int within = 0;
    for (Receipt receipt : told) {
      within += kills.stream().anyMatch(kill -> isShortlyBefore(receipt.nanos(), kill)) ? 1 : 0;
    }
    int byKill = Math.min(more - again, within);
    killed += byKill;
    other += more - again - byKill;
  }

  private static boolean isShortlyBefore(long nanos, long kill) {
    // The kill takes a moment, too.
    return nanos - kill < SHORTLY_NANOS / 10 && kill - nanos < SHORTLY_NANOS;
  }

  private static <T> List<T> take(Map<String, List<T>> all, String recipient) {
    return all.containsKey(recipient) ? all.remove(recipient) : List.of();
  }
}
