package dev.staffetta.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBFactory;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.Range;
import org.iq80.leveldb.ReadOptions;
import org.iq80.leveldb.Snapshot;
import org.iq80.leveldb.WriteBatch;
import org.iq80.leveldb.WriteOptions;
import org.iq80.leveldb.impl.Iq80DBFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which LevelDB: the native one, or the Java port of it where there is no native library for the
 * processor or the operating system. Both read each other's files.
 */
enum LevelLibrary {
  NATIVE,
  JAVA;

  private static final Logger log = LoggerFactory.getLogger(LevelLibrary.class);

  /** The one to use; warns when the native one is wanted and does not load. */
  static LevelLibrary choose(boolean nativeWanted) {
    if (!nativeWanted) {
      return JAVA;
    }
    try {
      if (JniDBFactory.factory == null) {
        throw new UnsatisfiedLinkError("no factory");
      }
      Rehearsal.DONE.run();
      return NATIVE;
    } catch (LinkageError e) {
      log.warn(
          "No native LevelDB for {} on {} ({}): using the Java port, which is slower",
          System.getProperty("os.arch"),
          System.getProperty("os.name"),
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      return JAVA;
    }
  }

  /**
   * Uses each of the native library's structures once, before any two threads do at the same time.
   *
   * <p>At the first use of a structure the library looks up its Java fields, unguarded: the thread
   * that loses the race may remember a field that is none, and from then on each read takes the
   * object's header for a snapshot and kills the process (seen at a start with eight partitions).
   */
  private static final class Rehearsal {
    /** Runs once: the class is initialised by one thread while all others wait. */
    static final Runnable DONE = rehearse();

    private static Runnable rehearse() {
      try {
        Path directory = Files.createTempDirectory("staffetta-leveldb");
        Options options = new Options().createIfMissing(true).cacheSize(1 << 20);
        try (DB db = JniDBFactory.factory.open(directory.toFile(), options)) {
          byte[] key = {1};
          db.put(key, key, new WriteOptions().sync(true));
          db.get(key);
          try (Snapshot snapshot = db.getSnapshot();
              DBIterator iterator = db.iterator(new ReadOptions().snapshot(snapshot))) {
            iterator.seekToFirst();
            iterator.next();
          }
          try (WriteBatch batch = db.createWriteBatch()) {
            batch.delete(key);
            db.write(batch);
          }
          db.getApproximateSizes(new Range(key, key));
        }
        JniDBFactory.factory.destroy(directory.toFile(), options);
        Files.deleteIfExists(directory);
        return () -> {};
      } catch (IOException e) {
        throw new UncheckedIOException(
            "cannot try LevelDB in the directory for temporary files", e);
      }
    }
  }

  DBFactory factory() {
    return this == NATIVE ? JniDBFactory.factory : Iq80DBFactory.factory;
  }
}
