package dev.staffetta.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.server.protocol.TermIndex;
import org.iq80.leveldb.CompressionType;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBFactory;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
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

  private final Path directory;
  private final DB db;
  private final Gate gate = new Gate();

  private LevelStore(Path directory, DB db) {
    this.directory = directory;
    this.db = db;
  }

  /** Opens a directory, and makes it if it is not there. */
  static LevelStore open(Path directory, Shape shape) throws IOException {
    Files.createDirectories(directory);
    Options options =
        new Options()
            .createIfMissing(true)
            .writeBufferSize(shape.writeBufferBytes())
            .cacheSize(shape.cacheBytes())
            .maxOpenFiles(shape.maxOpenFiles())
            .compressionType(shape.compression() ? CompressionType.SNAPPY : CompressionType.NONE);
    DBFactory factory = library(directory, shape.library()).factory();
    return new LevelStore(directory, factory.open(directory.toFile(), options));
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
      return Optional.ofNullable(db.get(key));
    } finally {
      gate.leave();
    }
  }

  @Override
  public Scan scan(KeyRange range) {
    gate.enter();
    try {
      return new OpenScan(db.iterator(new ReadOptions().fillCache(false)), range);
    } catch (RuntimeException | Error e) {
      gate.leave();
      throw e;
    }
  }

  /** The last entry applied; empty: none yet. */
  Optional<TermIndex> applied() {
    return get(Keys.applied())
        .map(ByteBuffer::wrap)
        .map(value -> TermIndex.valueOf(value.getLong(), value.getLong()));
  }

  /** Starts the changes of one entry. */
  WriteBatch newChanges() {
    return db.createWriteBatch();
  }

  /** Applies changes, and in the same batch says which entry they were. */
  void apply(TermIndex entry, WriteBatch changes) {
    gate.enter();
    try (WriteBatch batch = changes) {
      batch.put(Keys.applied(), appliedValue(entry));
      db.write(batch);
    } catch (IOException e) {
      throw new StoreException("cannot close a batch of " + directory, e);
    } finally {
      gate.leave();
    }
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
    if (gate.close(CLOSE_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      db.close();
    } else {
      log.warn(
          "{} is still being read or closed already: left to the end of the process", directory);
    }
  }

  private final class OpenScan implements Scan {
    private final DBIterator iterator;
    private final byte[] end;
    private Map.Entry<byte[], byte[]> next;
    private boolean closed;

    OpenScan(DBIterator iterator, KeyRange range) {
      this.iterator = iterator;
      this.end = range.to();
      iterator.seek(range.from());
    }

    @Override
    public boolean hasNext() {
      if (closed) {
        throw new IllegalStateException("the scan is closed");
      }
      if (next == null && iterator.hasNext()) {
        next = iterator.next();
      }
      return next != null && Arrays.compareUnsigned(next.getKey(), end) < 0;
    }

    @Override
    public Pair next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Pair pair = new Pair(next.getKey(), next.getValue());
      next = null;
      return pair;
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      try {
        iterator.close();
      } catch (IOException e) {
        log.warn("Cannot close an iterator of {}", directory, e);
      } finally {
        gate.leave();
      }
    }
  }
}
