package dev.staffetta.nemesis.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code node/bin/nemesis --relay}, which is for more. A failing run again by
 * {@code -Dstaffetta.nemesis.seed=…}.
 */
class RelayNemesisIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void whatWasAcceptedIsDeliveredOrComesBackWhateverIsDoneToTheNodes() throws Exception {
    long seed = Long.getLong("staffetta.nemesis.seed", System.nanoTime());
    RelayPlan plan =
        new RelayPlan(3, 300, 18, 2, Duration.ofSeconds(8), Duration.ofSeconds(8), 0, seed);
    System.out.println("RelayNemesisIT: seed " + seed);
    try (RelayRun run = new RelayRun(directory, plan, "", line -> System.out.println(line))) {
      assertThat(run.run()).as("seed %d", seed).isEmpty();
    }
  }
}
