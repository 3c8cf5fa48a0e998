package dev.staffetta.store;

import dev.staffetta.store.proto.SnapshotPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.ratis.server.protocol.TermIndex;
import org.iq80.leveldb.CompressionType;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBFactory;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.Range;
import org.iq80.leveldb.ReadOptions;
import org.iq80.leveldb.WriteBatch;
import org.iq80.leveldb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's LevelDB. Reads from any thread, writes from one; a close waits for whoever is
 * inside.
 *
 * <p>Writes are not synced: the Raft log has them. Before the log is cut, {@link #sync} is called.
 */
final class LevelStore implements Reader, AutoCloseable {
  /**
   * How one is opened.
   *
   * @param cacheBytes of this partition
   */
  record Shape(
      LevelLibrary library,
      int writeBufferBytes,
      long cacheBytes,
      int maxOpenFiles,
      boolean compression) {}

  private static final Logger log = LoggerFactory.getLogger(LevelStore.class);
  private static final long CLOSE_PATIENCE_SECONDS = 10;

  /** A file beside LevelDB's: the Java port has written here. */
  private static final String JAVA_MARK = "JAVA-PORT";

  /** What LevelDB has in memory of nothing: blocks begun. */
  private static final long EMPTY_BYTES = 16 << 10;

  private final Path directory;
  private final DB db;
  private final long writeBufferBytes;
  private final Consumer<String> onDamage;
  private final Gate gate = new Gate();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** What LevelDB has in memory is no more than this; of the writing thread, as is the next. */
  private long inMemoryAtMost = EMPTY_BYTES;

  private long currentLog;

  private boolean synced = true;

  private LevelStore(Path directory, DB db, long writeBufferBytes, Consumer<String> onDamage)
      throws IOException {
    this.onDamage = onDamage;
    this.directory = directory;
    this.db = db;
    this.writeBufferBytes = writeBufferBytes;
    this.currentLog = newestLog(directory);
  }

  /** Opens a directory, and makes it if it is not there. */
  static LevelStore open(Path directory, Shape shape) throws IOException {
    return open(directory, shape, damage -> {});
  }

  /**
   * Opens a directory, and makes it if it is not there.
   *
   * @param onDamage hears of it when something is read that is not what was written
   * @throws DamagedReplicaException when that is seen now
   */
  static LevelStore open(Path directory, Shape shape, Consumer<String> onDamage)
      throws IOException {
    Files.createDirectories(directory);
    LevelLogs.inspect(directory);
    Options options =
        new Options()
            .createIfMissing(true)
            .paranoidChecks(true)
            .verifyChecksums(true)
            .writeBufferSize(shape.writeBufferBytes())
            .cacheSize(shape.cacheBytes())
            .maxOpenFiles(shape.maxOpenFiles())
            .compressionType(shape.compression() ? CompressionType.SNAPPY : CompressionType.NONE);
    DBFactory factory = library(directory, shape.library()).factory();
    DB db;
    try {
      db = factory.open(directory.toFile(), options);
    } catch (IOException | RuntimeException e) {
      if (DamagedReplicaException.isHowLevelDbSaysIt(e)) {
        throw new DamagedReplicaException(directory + " is damaged: " + e.getMessage(), e);
      }
      throw e;
    }
    return new LevelStore(directory, db, shape.writeBufferBytes(), onDamage);
  }

  /**
   * The Java port reads what the native library wrote, but not the other way: the port notes the
   * size of a compacted table a few bytes too large, and the native library looks for the table's
   * end there. So what it has touched stays with it.
   */
  private static LevelLibrary library(Path directory, LevelLibrary wanted) throws IOException {
    Path mark = directory.resolve(JAVA_MARK);
    if (wanted == LevelLibrary.JAVA && !Files.exists(mark)) {
      Files.createFile(mark);
    } else if (wanted == LevelLibrary.NATIVE && Files.exists(mark)) {
      log.warn("{} was written by the Java port of LevelDB: going on with it", directory);
      return LevelLibrary.JAVA;
    }
    return wanted;
  }

  @Override
  public Optional<byte[]> get(byte[] key) {
    gate.enter();
    try {
      return Optional.ofNullable(db.get(key, new ReadOptions().verifyChecksums(true)));
    } catch (RuntimeException e) {
      throw judged(e);
    } finally {
      gate.leave();
    }
  }

  @Override
  public Scan scan(KeyRange range) {
    gate.enter();
    DBIterator iterator;
    try {
      iterator = db.iterator(new ReadOptions().fillCache(false).verifyChecksums(true));
    } catch (RuntimeException | Error e) {
      gate.leave();
      throw e;
    }
    return new LevelScan(iterator, range, gate, this::judged);
  }

  /** What a failure of LevelDB is: damage is told, and has its own name. */
  private RuntimeException judged(RuntimeException failure) {
    if (!DamagedReplicaException.isHowLevelDbSaysIt(failure)) {
      return failure;
    }
    String damage = directory + " is damaged: " + failure.getMessage();
    onDamage.accept(damage);
    return new DamagedReplicaException(damage, failure);
  }

  /** About how many bytes of a range are in tables; what is still in memory does not count. */
  long approximateBytes(KeyRange range) {
    gate.enter();
    try {
      return db.getApproximateSizes(new Range(range.from(), range.to()))[0];
    } finally {
      gate.leave();
    }
  }

  /** The last entry applied; empty: none yet. */
  Optional<TermIndex> applied() {
    return get(Keys.applied())
        .map(ByteBuffer::wrap)
        .map(value -> TermIndex.valueOf(value.getLong(), value.getLong()));
  }

  /** Starts the changes of one entry. */
  LevelChanges newChanges() {
    return new LevelChanges(db.createWriteBatch());
  }

  /** Applies changes, and in the same batch says which entry they were. */
  void apply(TermIndex entry, LevelChanges changes) {
    gate.enter();
    try (WriteBatch batch = changes.batch()) {
      batch.put(Keys.applied(), appliedValue(entry));
      write(batch, changes.memoryAtMost());
    } catch (IOException e) {
      throw new StoreException("cannot write to " + directory, e);
    } catch (RuntimeException e) {
      throw judged(e);
    } finally {
      gate.leave();
    }
  }

  /** Writes pairs that are another replica's, among them which entry it applied last. */
  void load(List<SnapshotPair> pairs) throws IOException {
    gate.enter();
    try (WriteBatch batch = db.createWriteBatch()) {
      for (SnapshotPair pair : pairs) {
        batch.put(pair.getKey().toByteArray(), pair.getValue().toByteArray());
      }
      db.write(batch, new WriteOptions().sync(false));
    } finally {
      gate.leave();
    }
  }

  /**
   * Writes, such that LevelDB never begins another log while the one so far is not on the disk.
   * Left to itself it does, and a power cut may then leave the new one and not all of the old:
   * changes with a hole before them, which nobody would notice. This way what a power cut leaves is
   * always all changes up to some entry.
   *
   * <p>LevelDB begins another log at the start of a write, when what it holds in memory has
   * outgrown its buffer. From when that may be so until it was seen to happen, writes are synced.
   */
  private void write(WriteBatch batch, long memoryAtMost) throws IOException {
    inMemoryAtMost += memoryAtMost;
    synced = inMemoryAtMost > writeBufferBytes;
    db.write(batch, new WriteOptions().sync(synced));
    if (!synced) {
      return;
    }
    long newest = newestLog(directory);
    if (newest != currentLog) {
      currentLog = newest;
      inMemoryAtMost = EMPTY_BYTES + memoryAtMost;
    }
  }

  /** Whether the current log is wholly on the disk; of the writing thread. */
  boolean isSynced() {
    return synced;
  }

  /** The number of LevelDB's current log. */
  static long newestLog(Path directory) throws IOException {
    long newest = -1;
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "*.log")) {
      for (Path file : logs) {
        String name = file.getFileName().toString();
        newest = Math.max(newest, Long.parseLong(name.substring(0, name.indexOf('.'))));
      }
    }
    return newest;
  }

  /**
   * Brings all that was applied to the disk. A synced write brings only LevelDB's current log; what
   * is in the one before it may be waiting to become a table, so every log and manifest is forced.
   */
  void sync(TermIndex applied) throws IOException {
    gate.enter();
    try {
      db.put(Keys.applied(), appliedValue(applied), new WriteOptions().sync(true));
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(directory, "{*.log,MANIFEST-*,CURRENT}")) {
        for (Path file : files) {
          force(file);
        }
      }
      force(directory);
    } finally {
      gate.leave();
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (java.nio.file.NoSuchFileException e) {
      // LevelDB deletes a log as soon as the table made of it is synced.
      log.debug("{} is gone", path);
    }
  }

  private static byte[] appliedValue(TermIndex entry) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(entry.getTerm())
        .putLong(entry.getIndex())
        .array();
  }

  /** May be called twice. */
  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (gate.close(CLOSE_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      db.close();
    } else {
      log.warn("{} is still being read: left open to the end of the process", directory);
    }
  }
}
