package dev.staffetta.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.cluster.AdmissionAnswer.NotYet;
import dev.staffetta.cluster.AdmissionAnswer.Refused;
import dev.staffetta.cluster.AdmissionAnswer.Welcome;
import dev.staffetta.config.NodeAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node that is in no cluster does next. */
class FormationStepsTest {
  private static final NodeAddress A = new NodeAddress("a.example.com", 10_071);
  private static final NodeAddress B = new NodeAddress("b.example.com", 10_071);
  private static final NodeAddress C = new NodeAddress("c.example.com", 10_071);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration EARLY = Duration.ofSeconds(1);
  private static final Duration LATE = Duration.ofSeconds(6);
  private static final AdmissionAnswer EMPTY = new NotYet("node", Optional.empty());
  private static final AdmissionAnswer WITH_DATA = new NotYet("node", Optional.of("one"));
  private static final Welcome WELCOME = new Welcome("one", 8, B, Map.of("b", B), Optional.empty());

  private static Formation.Step withoutData(
      NodeAddress self, Duration waited, Map<NodeAddress, AdmissionAnswer> answers) {
    List<NodeAddress> seeds = List.of(A, B, C);
    return new Formation(
            self,
            Optional.empty(),
            seeds,
            seeds.stream().filter(seed -> !seed.equals(self)).toList(),
            Formation.Discovered.NONE,
            answers,
            false,
            waited,
            PATIENCE)
        .next();
  }

  private static Formation.Step withData(
      boolean leads, Duration waited, Map<NodeAddress, AdmissionAnswer> answers) {
    return new Formation(
            A,
            Optional.of("one"),
            List.of(A, B, C),
            List.of(B, C),
            Formation.Discovered.NONE,
            answers,
            leads,
            waited,
            PATIENCE)
        .next();
  }

  @Test
  void whoIsWelcomeJoins() {
    assertThat(withoutData(A, EARLY, Map.of(B, WELCOME, C, EMPTY)))
        .isEqualTo(new Formation.Join(WELCOME));
    assertThat(withData(true, EARLY, Map.of(B, WELCOME))).isEqualTo(new Formation.Join(WELCOME));
  }

  @Test
  void aNodeThatKnowsNobodyFounds() {
    Formation alone =
        new Formation(
            A,
            Optional.empty(),
            List.of(),
            List.of(),
            Formation.Discovered.NONE,
            Map.of(),
            false,
            Duration.ZERO,
            PATIENCE);
    assertThat(alone.next()).isInstanceOf(Formation.Found.class);
  }

  @Test
  void theFirstSeedFoundsWhenAllOthersAreEmptyTooOrSilentForLong() {
    assertThat(withoutData(A, EARLY, Map.of(B, EMPTY))).isInstanceOf(Formation.Wait.class);
    assertThat(withoutData(A, EARLY, Map.of(B, EMPTY, C, EMPTY)))
        .isInstanceOf(Formation.Found.class);
    assertThat(withoutData(A, LATE, Map.of())).isInstanceOf(Formation.Found.class);
  }

  @Test
  void theFirstSeedFoundsNothingBesideAClusterThatIsComingUp() {
    assertThat(withoutData(A, LATE, Map.of(B, WITH_DATA))).isInstanceOf(Formation.Wait.class);
  }

  @Test
  void anotherSeedNeverFounds() {
    assertThat(withoutData(B, LATE, Map.of())).isInstanceOf(Formation.Wait.class);
    assertThat(withoutData(B, LATE, Map.of(A, EMPTY, C, EMPTY))).isInstanceOf(Formation.Wait.class);
  }

  @Test
  void aNodeWithDataBeginsOnlyWhenItLeads() {
    assertThat(withData(false, LATE, Map.of())).isInstanceOf(Formation.Wait.class);
    assertThat(withData(false, LATE, Map.of(B, WITH_DATA, C, WITH_DATA)))
        .isInstanceOf(Formation.Wait.class);
    assertThat(withData(true, EARLY, Map.of())).isInstanceOf(Formation.Lead.class);
  }

  @Test
  void aRefusalEndsTheStartUnlessItMayPass() {
    AdmissionAnswer forGood = new Refused("of another cluster", false);
    AdmissionAnswer perhaps = new Refused("the name is taken", true);
    assertThat(withData(true, EARLY, Map.of(B, forGood)))
        .isEqualTo(new Formation.GiveUp("of another cluster"));
    assertThat(withData(true, EARLY, Map.of(B, perhaps))).isInstanceOf(Formation.Wait.class);
    assertThat(withData(true, Duration.ofSeconds(20), Map.of(B, perhaps)))
        .isEqualTo(new Formation.GiveUp("the name is taken"));
  }

  @Test
  void ofThoseDiscoveredTheLowestFoundsWhenEnoughAreThere() {
    assertThat(discovered(A, 3, List.of(A, B, C), Map.of(B, EMPTY, C, EMPTY)))
        .isInstanceOf(Formation.Found.class);
    assertThat(discovered(A, 3, List.of(A, B), Map.of(B, EMPTY)))
        .isInstanceOf(Formation.Wait.class);
    assertThat(discovered(B, 3, List.of(A, B, C), Map.of(A, EMPTY, C, EMPTY)))
        .isInstanceOf(Formation.Wait.class);
    assertThat(discovered(A, 1, List.of(), Map.of())).isInstanceOf(Formation.Wait.class);
  }

  private static Formation.Step discovered(
      NodeAddress self,
      int required,
      List<NodeAddress> found,
      Map<NodeAddress, AdmissionAnswer> answers) {
    return new Formation(
            self,
            Optional.empty(),
            List.of(),
            found.stream().filter(address -> !address.equals(self)).toList(),
            new Formation.Discovered(true, required, found),
            answers,
            false,
            EARLY,
            PATIENCE)
        .next();
  }
}
