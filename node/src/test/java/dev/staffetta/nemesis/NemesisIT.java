package dev.staffetta.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.nemesis.fault.FaultKind;
import dev.staffetta.nemesis.history.Violation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code node/bin/nemesis}, which is for more. A failing run again by {@code
 * -Dstaffetta.nemesis.seed=…}.
 */
class NemesisIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void promisesHoldWhateverIsDoneToTheNodes() throws Exception {
    int rounds = Integer.getInteger("staffetta.nemesis.rounds", 2);
    int nodes = Integer.getInteger("staffetta.nemesis.nodes", 3);
    long seed = Long.getLong("staffetta.nemesis.seed", System.nanoTime());
    System.out.println("NemesisIT: " + nodes + " nodes, seed " + seed);
    try (Rounds run =
        new Rounds(
            directory,
            nodes,
            6,
            List.of(FaultKind.values()),
            seed,
            "",
            line -> System.out.println(line))) {
      for (int round = 1; round <= rounds; round++) {
        List<Violation> violations = run.run(round, 2);
        if (!violations.isEmpty()) {
          run.report(violations);
        }
        assertThat(violations).as("seed %d, round %d", seed, round).isEmpty();
      }
    }
  }
}
