package dev.staffetta.store;

import static dev.staffetta.store.Stores.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Random;
import org.apache.ratis.server.protocol.TermIndex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelStoreTest {
  private static final int BUFFER_BYTES = 256 << 10;

  @TempDir Path directory;

  /** What a power cut would otherwise make of it: see {@link LevelStore}. */
  @ParameterizedTest
  @CsvSource({"NATIVE, 10", "NATIVE, 200", "NATIVE, 1000", "NATIVE, 20000", "JAVA, 20000"})
  void levelDbBeginsNoLogWhileTheOneSoFarIsNotOnTheDisk(LevelLibrary library, int valueBytes)
      throws Exception {
    Random random = new Random(valueBytes);
    int rotations = 0;
    int unsynced = 0;
    try (LevelStore level = open(library)) {
      long log = LevelStore.newestLog(directory);
      for (long written = 0, index = 1; written < 6 * BUFFER_BYTES; index++) {
        LevelChanges changes = level.newChanges();
        for (int i = 0; i < 3; i++) {
          byte[] key = new byte[20];
          random.nextBytes(key);
          changes.put(key, new byte[valueBytes]);
          written += key.length + valueBytes;
        }
        boolean wasSynced = level.isSynced();
        level.apply(TermIndex.valueOf(1, index), changes);
        unsynced += level.isSynced() ? 0 : 1;
        long newest = LevelStore.newestLog(directory);
        if (newest != log) {
          assertThat(wasSynced).as("before log %d", newest).isTrue();
          log = newest;
          rotations++;
        }
      }
    }
    assertThat(rotations).isGreaterThan(3);
    // And it does not simply sync each write.
    assertThat(unsynced).isGreaterThan(rotations);
  }

  @Test
  void whatIsClosedIsNotTouchedAgain() throws Exception {
    LevelStore level = open(LevelLibrary.NATIVE);
    level.close();
    level.close();
    assertThatThrownBy(() -> level.get(bytes("a"))).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> level.scan(KeyRange.beginningWith(bytes("a"))))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void aClosedScanGivesNothing() throws Exception {
    try (LevelStore level = open(LevelLibrary.NATIVE)) {
      Scan scan = level.scan(KeyRange.beginningWith(bytes("a")));
      scan.close();
      scan.close();
      assertThatThrownBy(scan::hasNext).isInstanceOf(IllegalStateException.class);
    }
  }

  private LevelStore open(LevelLibrary library) throws Exception {
    NativeLevel.load(directory.resolve("native"));
    return LevelStore.open(
        directory, new LevelStore.Shape(library, BUFFER_BYTES, 1 << 20, 500, false));
  }
}
