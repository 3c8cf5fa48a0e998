package dev.staffetta.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a writing process at random moments. {@code -Dkill.rounds=20 -Dkill.seed=1} makes it
 * longer, or the same again.
 */
class KillTest {
  private static final int ROUNDS = Integer.getInteger("kill.rounds", 4);
  private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
  private static final String SETTING =
      "partitions = 2, raft.segment-bytes = 2M, raft.cut-after-bytes = 2M";

  @TempDir Path directory;

  @Test
  void everyAcknowledgedWriteIsThereAfterAKill() throws Exception {
    Random random = new Random(SEED);
    long[] acknowledged = new long[KilledWriter.WRITERS];
    for (int round = 1; round <= ROUNDS; round++) {
      killAfter(200 + random.nextInt(1_500), acknowledged);
      try (Store store = Stores.at(directory, SETTING).open()) {
        for (int writer = 0; writer < KilledWriter.WRITERS; writer++) {
          check(store, writer, acknowledged[writer], "round " + round + ", seed " + SEED);
        }
      }
    }
    assertThat(Arrays.stream(acknowledged).sum()).as("seed " + SEED).isGreaterThan(ROUNDS * 50L);
  }

  /**
   * Each number from 1 to the last is there, with its value; the last is no less than acknowledged.
   */
  private static void check(Store store, int writer, long acknowledged, String when) {
    Reader reader = store.reader(KilledWriter.partition(store, writer));
    long last = KilledWriter.last(reader, writer);
    assertThat(last).as("writer %d, %s", writer, when).isGreaterThanOrEqualTo(acknowledged);
    long expected = 1;
    try (Scan events = reader.scan(Keys.events("w" + writer, 1, Long.MAX_VALUE))) {
      for (; events.hasNext(); expected++) {
        Scan.Pair event = events.next();
        assertThat(Keys.sequenceNumber(event.key())).as(when).isEqualTo(expected);
        assertThat(Arrays.equals(event.value(), KilledWriter.value(writer, expected)))
            .as("value %d of writer %d, %s", expected, writer, when)
            .isTrue();
      }
    }
    assertThat(expected - 1).as(when).isEqualTo(last);
  }

  /** Runs the writer, kills it so long after its first word, and notes what it had acknowledged. */
  private void killAfter(long millis, long[] acknowledged) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                KilledWriter.class.getName(),
                directory.toString(),
                SETTING)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      long killAt = Long.MAX_VALUE;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        List<String> words = List.of(line.split(" "));
        if (words.size() == 2 && words.get(0).matches("\\d+") && words.get(1).matches("\\d+")) {
          acknowledged[Integer.parseInt(words.get(0))] = Long.parseLong(words.get(1));
          killAt = Math.min(killAt, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
        }
        if (System.nanoTime() >= killAt) {
          // By its handle: the process itself would close the stream that is still to be read.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** The test kills a process in the middle of things: else it shows nothing. */
  @Test
  void theLogIsCutWhileTheWriterRuns() throws IOException {
    try (Store store = Stores.at(directory, SETTING).open()) {
      for (int i = 0; i < 80; i++) {
        Stores.await(
            store.write(
                0, WriteBatch.builder().put(Keys.event("x", i), new byte[100_000]).build()));
      }
    }
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(
              files
                  .map(f -> f.getFileName().toString())
                  .filter(name -> name.startsWith("log_"))
                  .toList())
          .noneMatch(name -> name.startsWith("log_0-"));
    }
  }
}
