package dev.staffetta.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * LevelDB's own logs, looked at before LevelDB does. In them are the changes that are not in a
 * table yet, which the Raft log has too: so they are cut at the first record that is not whole, as
 * a crash leaves one, and Raft's log gives again what came behind. LevelDB itself would either
 * refuse to open or, worse, leave out what it cannot read and go on behind it.
 *
 * <p>Its manifest, which says what tables there are, is written in the same form, and nothing can
 * give it again.
 */
final class LevelLogs {
  private static final Logger log = LoggerFactory.getLogger(LevelLogs.class);

  private static final int BLOCK_BYTES = 32 << 10;

  /** Checksum (4), length (2), kind (1). */
  private static final int HEADER_BYTES = 7;

  private static final int WHOLE = 1;
  private static final int FIRST = 2;
  private static final int MIDDLE = 3;
  private static final int LAST = 4;

  private LevelLogs() {}

  /**
   * Prepares a directory for LevelDB.
   *
   * @throws DamagedReplicaException when its manifest is damaged or gone
   */
  static void inspect(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    Path current = directory.resolve("CURRENT");
    if (Files.exists(current)) {
      inspectManifest(directory, current);
    } else if (!list(directory, ".sst").isEmpty() || !list(directory, ".ldb").isEmpty()) {
      throw new DamagedReplicaException(current + " is missing");
    }
    cutLogs(list(directory, ".log"));
  }

  private static void inspectManifest(Path directory, Path current) throws IOException {
    String name = Files.readString(current, StandardCharsets.ISO_8859_1).strip();
    Path manifest = directory.resolve(name.isEmpty() ? "MANIFEST" : name);
    if (!name.startsWith("MANIFEST-") || !Files.isRegularFile(manifest)) {
      throw new DamagedReplicaException(current + " does not name a manifest");
    }
    byte[] bytes = Files.readAllBytes(manifest);
    Walk walk = walk(bytes);
    if (walk.isClean()) {
      return;
    }
    if (walk.goodEnd == 0 || !isTorn(bytes, walk)) {
      throw new DamagedReplicaException(manifest + " is damaged at byte " + walk.badAt);
    }
    log.warn("{} ends in a record that was not finished, cutting it off", manifest);
    truncate(manifest, walk.goodEnd);
  }

  /** Whether the bad record was only begun: the file or all but zeros ends in it. */
  private static boolean isTorn(byte[] bytes, Walk walk) {
    return walk.exceedsFile || onlyZeros(bytes, walk.badAt + HEADER_BYTES);
  }

  private static void cutLogs(List<Path> logs) throws IOException {
    boolean cut = false;
    for (Path file : logs) {
      if (cut) {
        Files.delete(file);
        continue;
      }
      Walk walk = walk(Files.readAllBytes(file));
      if (!walk.isClean()) {
        log.warn(
            "{} has a record at byte {} that is not whole: it is cut there, the Raft log has what"
                + " came behind",
            file,
            walk.badAt);
        truncate(file, walk.goodEnd);
        cut = true;
      }
    }
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
      channel.force(true);
    }
  }

  private static List<Path> list(Path directory, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(suffix))
          .sorted(Comparator.comparing(file -> file.getFileName().toString()))
          .toList();
    }
  }

  /**
   * How far a file can be read.
   *
   * @param goodEnd behind the last whole record
   * @param badAt where one begins that is not; -1: none does
   * @param exceedsFile whether that one is longer than the file
   */
  private record Walk(int goodEnd, int badAt, boolean exceedsFile) {
    boolean isClean() {
      return badAt < 0;
    }
  }

  private static Walk walk(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    int goodEnd = 0;
    boolean inRecord = false;
    while (at < bytes.length) {
      int left = BLOCK_BYTES - at % BLOCK_BYTES;
      if (left < HEADER_BYTES) {
        at += left;
        continue;
      }
      if (onlyZeros(bytes, at)) {
        break;
      }
      if (at + HEADER_BYTES > bytes.length) {
        return new Walk(goodEnd, at, true);
      }
      int length = buffer.getShort(at + 4) & 0xFFFF;
      int kind = bytes[at + 6];
      boolean fits = HEADER_BYTES + length <= left;
      if (fits && at + HEADER_BYTES + length > bytes.length) {
        return new Walk(goodEnd, at, true);
      }
      boolean inOrder = inRecord ? kind == MIDDLE || kind == LAST : kind == WHOLE || kind == FIRST;
      if (!fits || !inOrder || buffer.getInt(at) != checksum(bytes, at + 6, length + 1)) {
        return new Walk(goodEnd, at, false);
      }
      at += HEADER_BYTES + length;
      inRecord = kind == FIRST || kind == MIDDLE;
      if (!inRecord) {
        goodEnd = at;
      }
    }
    return inRecord ? new Walk(goodEnd, goodEnd, true) : new Walk(goodEnd, -1, false);
  }

  /** LevelDB turns checksums round, since it stores some that are of checksums. */
  private static int checksum(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    int value = (int) crc.getValue();
    return Integer.rotateRight(value, 15) + 0xa282ead8;
  }

  private static boolean onlyZeros(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
