package dev.staffetta.nemesis.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.nemesis.relay.RelayVerdict.Duplicates;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Histories written by hand, right ones and wrong ones. */
class RelayCheckerTest {
  private static final String ALICE = "alice@example.com";

  /** Destination 1 is sound; 12 refuses all that comes, for good. */
  private static final String TAKEN = "known7.1@d1.test";

  private static final String REFUSED = "known7.2@d12.test";
  private static final RelayLetter LETTER = new RelayLetter(7, ALICE, List.of(TAKEN, REFUSED));
  private static final Receipt CAME = new Receipt(TAKEN, 0, true, true);
  private static final Bounce BACK = new Bounce(REFUSED, ALICE);

  private static RelayVerdict check(int openEnds, List<Receipt> receipts, List<Bounce> bounces) {
    return RelayChecker.check(
        new RelayHistory(
            List.of(new Submission(LETTER, true, openEnds)), receipts, bounces, List.of()));
  }

  @Test
  void deliveredOrReportedIsAllThatIsAskedFor() {
    RelayVerdict verdict = check(0, List.of(CAME), List.of(BACK));

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.waiting()).isEmpty();
    assertThat(verdict.duplicates()).isEqualTo(new Duplicates(0, 0, 0, 0));
  }

  @Test
  void whatNeitherCameNorCameBackIsMissed() {
    assertThat(check(0, List.of(), List.of(BACK)).waiting()).containsExactly(TAKEN);
    assertThat(check(0, List.of(CAME), List.of()).waiting()).containsExactly(REFUSED);
  }

  @Test
  void whatWasKeptWithoutA250IsNotDelivered() {
    Receipt untold = new Receipt(TAKEN, 0, false, true);

    assertThat(check(0, List.of(untold), List.of(BACK)).waiting()).containsExactly(TAKEN);
    assertThat(check(0, List.of(untold, CAME), List.of(BACK)).duplicates())
        .isEqualTo(new Duplicates(1, 0, 0, 0));
  }

  @Test
  void aReportOfWhatIsTakenIsWrong() {
    assertThat(check(0, List.of(CAME), List.of(BACK, new Bounce(TAKEN, ALICE))).violations())
        .singleElement()
        .asString()
        .contains(TAKEN);
  }

  @Test
  void aSecondReportIsWrongUnlessTheLetterWasSubmittedTwice() {
    assertThat(check(0, List.of(CAME), List.of(BACK, BACK)).violations()).hasSize(1);
    assertThat(check(1, List.of(CAME), List.of(BACK, BACK)).violations()).isEmpty();
  }

  @Test
  void aReportForSomebodyElseIsWrong() {
    assertThat(
            check(0, List.of(CAME), List.of(new Bounce(REFUSED, "bob@example.com"))).violations())
        .hasSize(1);
  }

  @Test
  void aChangedMessageIsWrong() {
    assertThat(check(0, List.of(new Receipt(TAKEN, 0, true, false)), List.of(BACK)).violations())
        .hasSize(1);
  }

  @Test
  void whatNobodySentIsWrong() {
    Receipt strange = new Receipt("known8.1@d1.test", 0, true, true);

    assertThat(check(0, List.of(CAME, strange), List.of(BACK)).violations()).hasSize(1);
  }

  @Test
  void copiesAreCountedByTheirReason() {
    long kill = TimeUnit.SECONDS.toNanos(100);
    Receipt justBefore = new Receipt(TAKEN, kill - 1, true, true);
    Receipt longAfter = new Receipt(TAKEN, 2 * kill, true, true);
    RelayVerdict verdict =
        RelayChecker.check(
            new RelayHistory(
                List.of(new Submission(LETTER, true, 1)),
                List.of(justBefore, longAfter, longAfter, longAfter),
                List.of(BACK),
                List.of(kill)));

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.duplicates()).isEqualTo(new Duplicates(0, 1, 1, 1));
  }

  @Test
  void aLetterIsKnownByItsText() {
    String text = new String(LETTER.bytes(), java.nio.charset.StandardCharsets.US_ASCII);

    assertThat(RelayLetter.isWhole(TAKEN, "Received: by mail.example.com\r\n" + text)).isTrue();
    assertThat(RelayLetter.isWhole("known8.1@d1.test", text)).isFalse();
    assertThat(RelayLetter.isWhole(TAKEN, text.replace("end", "End"))).isFalse();
  }
}
