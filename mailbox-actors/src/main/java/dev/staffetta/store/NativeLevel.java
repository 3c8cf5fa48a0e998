package dev.staffetta.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.fusesource.hawtjni.runtime.Library;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.Range;
import org.iq80.leveldb.ReadOptions;
import org.iq80.leveldb.Snapshot;
import org.iq80.leveldb.WriteBatch;
import org.iq80.leveldb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the native LevelDB into the process, such that it can be used by many threads. */
final class NativeLevel {
  private static final Logger log = LoggerFactory.getLogger(NativeLevel.class);

  /** Where the loader looks first. */
  private static final String PLACE = "library.leveldbjni.path";

  private NativeLevel() {}

  /** Whether it was loaded; guarded by the class. */
  private static boolean loaded;

  /**
   * Loads it, once a process.
   *
   * @param directory where it may be put
   * @throws UnsatisfiedLinkError if there is none that fits; at a second try that none fitted
   *     before, a NoClassDefFoundError
   */
  static synchronized void load(Path directory) throws IOException {
    if (!loaded) {
      Files.createDirectories(directory);
      unpack(directory);
      rehearse(directory.resolve("rehearsal"));
      loaded = true;
    }
  }

  /**
   * Puts the library where it is loaded from. Left to itself, the loader unpacks a copy into the
   * system's directory for temporary files, and each process that is killed leaves its copy there.
   */
  private static void unpack(Path directory) {
    if (System.getProperty(PLACE) != null) {
      return;
    }
    Library library = new Library("leveldbjni", NativeLevel.class);
    try (InputStream packed =
        NativeLevel.class
            .getClassLoader()
            .getResourceAsStream(library.getPlatformSpecifcResourcePath())) {
      if (packed == null) {
        return;
      }
      Path unpacked = directory.resolve(library.getLibraryFileName());
      Path temporary = directory.resolve(library.getLibraryFileName() + ".new");
      Files.copy(packed, temporary, StandardCopyOption.REPLACE_EXISTING);
      Files.move(temporary, unpacked, StandardCopyOption.ATOMIC_MOVE);
      System.setProperty(PLACE, directory.toAbsolutePath().toString());
    } catch (IOException e) {
      log.warn("Cannot unpack the native LevelDB into {}", directory, e);
    }
  }

  /**
   * Uses each of the native library's structures once, before any two threads do at the same time.
   *
   * <p>At the first use of a structure the library looks up its Java fields, unguarded: the thread
   * that loses the race may remember a field that is none, and from then on each read takes the
   * object's header for a snapshot and kills the process (seen at a start with eight partitions).
   */
  private static void rehearse(Path directory) throws IOException {
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
  }
}
