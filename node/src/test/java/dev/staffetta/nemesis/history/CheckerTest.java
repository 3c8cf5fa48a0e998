package dev.staffetta.nemesis.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.nemesis.history.Operation.Delivery;
import dev.staffetta.nemesis.history.Operation.FlagChange;
import dev.staffetta.nemesis.history.Operation.Removal;
import dev.staffetta.nemesis.history.Operation.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Histories written by hand; a time is a second. */
class CheckerTest {
  private static final Folder INBOX = new Folder("alice", "INBOX");
  private static final Folder WORK = new Folder("alice", "Work");

  private final List<Operation> operations = new ArrayList<>();
  private final List<Read> reads = new ArrayList<>();
  private final List<Isolation> isolations = new ArrayList<>();

  private List<String> broken() {
    return Checker.check(new History(operations, reads, List.of(), isolations)).stream()
        .map(v -> v.promise() + ": " + v.what())
        .toList();
  }

  private static Attempt attempt(int began, int ended, Outcome outcome) {
    return new Attempt("c", "node1", seconds(began, ended), outcome);
  }

  private static Span seconds(int began, int ended) {
    return new Span(began * 1_000_000_000L, ended * 1_000_000_000L);
  }

  private void delivered(String token, Folder folder, long uid, int began, int ended) {
    operations.add(
        new Delivery(
            attempt(began, ended, Outcome.DONE),
            token,
            List.of(folder),
            Set.of(),
            uid == 0 ? OptionalLong.empty() : OptionalLong.of(uid)));
  }

  private void perhapsDelivered(String token, int began, int ended) {
    operations.add(
        new Delivery(
            attempt(began, ended, Outcome.UNKNOWN),
            token,
            List.of(INBOX),
            Set.of(),
            OptionalLong.empty()));
  }

  private void removed(String token, long uid, Outcome outcome, int began, int ended) {
    operations.add(
        new Removal(attempt(began, ended, outcome), new Instance(INBOX, uid), token, "EXPUNGE"));
  }

  private void moved(String token, long uid, long newUid, Outcome outcome, int began, int ended) {
    operations.add(
        new Transfer(
            attempt(began, ended, outcome),
            new Instance(INBOX, uid),
            token,
            WORK,
            newUid == 0 ? OptionalLong.empty() : OptionalLong.of(newUid),
            true));
  }

  private void flagged(long uid, boolean sets, Outcome outcome, int began, int ended) {
    operations.add(
        new FlagChange(
            attempt(began, ended, outcome), new Instance(INBOX, uid), "t1", "\\Flagged", sets));
  }

  private static Read.Sighting message(long uid, String token, String... flags) {
    return new Read.Sighting(uid, token, Set.of(flags));
  }

  private void read(Folder folder, int began, int ended, long uidNext, Read.Sighting... messages) {
    reads.add(
        new Read(
            "reader",
            "node2",
            seconds(began, ended),
            folder,
            7,
            OptionalLong.of(uidNext),
            List.of(messages),
            true));
  }

  @Test
  void nothingIsWrongWithNothing() {
    assertThat(broken()).isEmpty();
  }

  @Test
  void anAcknowledgedDeliveryMustBeSeen() {
    delivered("t1", INBOX, 1, 1, 2);
    read(INBOX, 3, 4, 2);
    assertThat(broken())
        .anyMatch(b -> b.startsWith("acknowledged is kept: alice/INBOX#1 (t1) is missing"));
  }

  @Test
  void anAcknowledgedDeliveryWithoutUidMustBeSeen() {
    delivered("t1", INBOX, 0, 1, 2);
    read(INBOX, 3, 4, 2);
    assertThat(broken()).anyMatch(b -> b.startsWith("acknowledged is kept: t1 is missing"));
  }

  @Test
  void oneThatIsAcknowledgedDuringTheReadNeedNotBeSeen() {
    delivered("t1", INBOX, 1, 1, 3);
    reads.add(
        new Read("r", "node2", seconds(2, 4), INBOX, 7, OptionalLong.of(1), List.of(), false));
    assertThat(broken()).isEmpty();
  }

  @Test
  void anOpenDeliveryMayBeSeenOrNotButOnceSeenItStays() {
    perhapsDelivered("t1", 1, 2);
    read(INBOX, 3, 4, 1);
    read(INBOX, 5, 6, 2, message(1, "t1"));
    assertThat(broken()).isEmpty();
    read(INBOX, 7, 8, 2);
    assertThat(broken()).anyMatch(b -> b.contains("alice/INBOX#1 (t1) is missing"));
  }

  @Test
  void anOpenDeliveryMayNotBeSeenTwice() {
    perhapsDelivered("t1", 1, 2);
    read(INBOX, 3, 4, 3, message(1, "t1"), message(2, "t1"));
    assertThat(broken()).anyMatch(b -> b.startsWith("delivered once"));
  }

  @Test
  void whatNobodySentMayNotBeThere() {
    read(INBOX, 3, 4, 2, message(1, "t9"));
    assertThat(broken()).anyMatch(b -> b.startsWith("delivered once"));
  }

  @Test
  void aRefusedDeliveryMayNotBeThere() {
    operations.add(
        new Delivery(
            attempt(1, 2, Outcome.REFUSED), "t1", List.of(INBOX), Set.of(), OptionalLong.empty()));
    read(INBOX, 3, 4, 2, message(1, "t1"));
    assertThat(broken()).anyMatch(b -> b.startsWith("delivered once"));
  }

  @Test
  void whatWasRemovedDoesNotComeBack() {
    delivered("t1", INBOX, 1, 1, 2);
    removed("t1", 1, Outcome.DONE, 3, 4);
    read(INBOX, 5, 6, 2, message(1, "t1"));
    assertThat(broken()).anyMatch(b -> b.startsWith("no deletion is undone"));
  }

  @Test
  void whatWasOnceSeenGoneDoesNotComeBack() {
    delivered("t1", INBOX, 1, 1, 2);
    removed("t1", 1, Outcome.UNKNOWN, 3, 4);
    read(INBOX, 5, 6, 2);
    read(INBOX, 7, 8, 2, message(1, "t1"));
    assertThat(broken()).anyMatch(b -> b.startsWith("no deletion is undone"));
  }

  @Test
  void anOpenRemovalLeavesBothPossible() {
    delivered("t1", INBOX, 1, 1, 2);
    removed("t1", 1, Outcome.UNKNOWN, 3, 4);
    read(INBOX, 5, 6, 2, message(1, "t1"));
    read(INBOX, 7, 8, 2);
    assertThat(broken()).isEmpty();
  }

  @Test
  void aMovedMessageIsInTheTargetOnly() {
    delivered("t1", INBOX, 1, 1, 2);
    moved("t1", 1, 5, Outcome.DONE, 3, 4);
    read(INBOX, 5, 6, 2);
    read(WORK, 5, 6, 6, message(5, "t1"));
    assertThat(broken()).isEmpty();
  }

  @Test
  void anOpenMoveMayNotDouble() {
    delivered("t1", INBOX, 1, 1, 2);
    moved("t1", 1, 0, Outcome.UNKNOWN, 3, 4);
    read(INBOX, 5, 6, 2, message(1, "t1"));
    read(WORK, 5, 6, 6, message(5, "t1"));
    assertThat(broken()).anyMatch(b -> b.startsWith("a move loses and doubles nothing: t1 is 2"));
  }

  @Test
  void anOpenMoveMayNotLose() {
    delivered("t1", INBOX, 1, 1, 2);
    moved("t1", 1, 0, Outcome.UNKNOWN, 3, 4);
    read(INBOX, 5, 6, 2);
    read(WORK, 5, 6, 6);
    assertThat(broken()).anyMatch(b -> b.startsWith("a move loses and doubles nothing: t1 is 0"));
  }

  @Test
  void aUidNamesOneContentForEver() {
    delivered("t1", INBOX, 1, 1, 2);
    delivered("t2", INBOX, 1, 3, 4);
    assertThat(broken()).anyMatch(b -> b.contains("alice/INBOX#1 named each of [t1, t2]"));
  }

  @Test
  void uidsGrow() {
    delivered("t1", INBOX, 9, 1, 2);
    delivered("t2", INBOX, 4, 3, 4);
    assertThat(broken()).anyMatch(b -> b.contains("alice/INBOX#4 of t2 is below 10"));
  }

  @Test
  void uidsOfConcurrentDeliveriesMayComeInAnyOrder() {
    delivered("t1", INBOX, 9, 1, 4);
    delivered("t2", INBOX, 4, 2, 3);
    assertThat(broken()).isEmpty();
  }

  @Test
  void uidNextDoesNotGoBack() {
    read(INBOX, 1, 2, 9);
    read(INBOX, 3, 4, 8);
    assertThat(broken()).anyMatch(b -> b.contains("UIDNEXT 8") && b.contains("is below 9"));
  }

  @Test
  void anAcknowledgedFlagStays() {
    delivered("t1", INBOX, 1, 1, 2);
    flagged(1, true, Outcome.DONE, 3, 4);
    read(INBOX, 5, 6, 2, message(1, "t1"));
    assertThat(broken()).anyMatch(b -> b.contains("is not \\Flagged"));
  }

  @Test
  void aFlagThatNobodySetIsNotThere() {
    delivered("t1", INBOX, 1, 1, 2);
    read(INBOX, 5, 6, 2, message(1, "t1", "\\Flagged"));
    assertThat(broken()).anyMatch(b -> b.contains("is \\Flagged"));
  }

  @Test
  void ofConcurrentFlagChangesEitherMayBeLast() {
    delivered("t1", INBOX, 1, 1, 2);
    flagged(1, true, Outcome.DONE, 3, 5);
    flagged(1, false, Outcome.DONE, 4, 6);
    read(INBOX, 7, 8, 2, message(1, "t1"));
    assertThat(broken()).isEmpty();
    reads.clear();
    read(INBOX, 7, 8, 2, message(1, "t1", "\\Flagged"));
    assertThat(broken()).isEmpty();
  }

  @Test
  void anOpenFlagChangeMayHappenLate() {
    delivered("t1", INBOX, 1, 1, 2);
    flagged(1, true, Outcome.UNKNOWN, 3, 4);
    flagged(1, false, Outcome.DONE, 5, 6);
    read(INBOX, 7, 8, 2, message(1, "t1", "\\Flagged"));
    assertThat(broken()).isEmpty();
  }

  @Test
  void aFlagIsMovedWithItsMessage() {
    delivered("t1", INBOX, 1, 1, 2);
    flagged(1, true, Outcome.DONE, 3, 4);
    moved("t1", 1, 5, Outcome.DONE, 5, 6);
    read(INBOX, 7, 8, 2);
    read(WORK, 7, 8, 6, message(5, "t1"));
    assertThat(broken()).anyMatch(b -> b.contains("alice/Work#5 (t1) is not \\Flagged"));
  }

  @Test
  void nothingIsAcknowledgedWithoutTheOthers() {
    isolations.add(new Isolation(Set.of("node1"), seconds(0, 10), false));
    delivered("t1", INBOX, 1, 2, 3);
    read(INBOX, 12, 13, 2, message(1, "t1"));
    assertThat(broken()).anyMatch(b -> b.startsWith("one writer, fenced"));
  }

  @Test
  void whatFailedWithoutTheOthersIsNotSeenLater() {
    isolations.add(new Isolation(Set.of("node1"), seconds(0, 10), true));
    perhapsDelivered("t1", 2, 3);
    read(INBOX, 12, 13, 2, message(1, "t1"));
    assertThat(broken()).anyMatch(b -> b.startsWith("delivered once"));
  }

  @Test
  void aComplaintOfAClientIsAViolation() {
    History history =
        new History(
            List.of(), List.of(), List.of(new Complaint(1, "c", "node1", "no answer")), List.of());
    assertThat(Checker.check(history)).hasSize(1);
  }
}
