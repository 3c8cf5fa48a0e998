package dev.staffetta.nemesis.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The checker is proved: it finds fault with no history of a right cluster, and with those of every
 * broken one. The clusters are models, since the defects are not in the product and cannot be
 * switched on there.
 */
class ModelClusterTest {
  private static final int STEPS = 2_000;
  private static final int SEEDS = 12;

  @Test
  void aRightClusterIsNotFoundFaultWith() {
    for (long seed = 1; seed <= 20; seed++) {
      History history = new ModelCluster(Defect.NONE, seed).run(STEPS);
      assertThat(Checker.check(history)).as("seed %d", seed).isEmpty();
      assertThat(history.operations()).as("seed %d", seed).hasSizeGreaterThan(200);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Defect.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyDefectIsCaught(Defect defect) {
    List<Long> missed =
        LongStream.rangeClosed(1, SEEDS)
            .filter(seed -> check(defect, seed).isEmpty())
            .boxed()
            .toList();
    // A defect that needs a rare moment to show may hide in some of the histories.
    assertThat(missed).as("seeds whose history of %s passed", defect).hasSizeLessThan(SEEDS / 2);
  }

  @Test
  void whatIsCaughtIsCalledWhatItIs() {
    assertThat(promisesBroken(Defect.ACKNOWLEDGED_BEFORE_FSYNC)).contains("acknowledged is kept");
    assertThat(promisesBroken(Defect.NO_FENCING)).contains("one writer, fenced");
    assertThat(promisesBroken(Defect.NO_DEDUPLICATION)).contains("delivered once");
    assertThat(promisesBroken(Defect.UIDNEXT_NOT_KEPT)).contains("UIDs never lie");
    assertThat(promisesBroken(Defect.FLAGS_NOT_MOVED)).containsOnly("no flag is lost");
  }

  private static List<String> promisesBroken(Defect defect) {
    return IntStream.rangeClosed(1, SEEDS)
        .mapToObj(seed -> check(defect, seed))
        .flatMap(List::stream)
        .map(Violation::promise)
        .distinct()
        .toList();
  }

  private static List<Violation> check(Defect defect, long seed) {
    return Checker.check(new ModelCluster(defect, seed).run(STEPS));
  }
}
