package dev.staffetta.store;

import java.io.IOException;
import java.nio.file.Path;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DBFactory;
import org.iq80.leveldb.impl.Iq80DBFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which LevelDB: the native one, or the Java port of it where there is no native library for the
 * processor or the operating system. The port goes on with the native library's files; the native
 * library does not with the port's.
 */
enum LevelLibrary {
  NATIVE,
  JAVA;

  private static final Logger log = LoggerFactory.getLogger(LevelLibrary.class);

  /**
   * The one to use; warns when the native one is wanted and does not load.
   *
   * @param directory where the native library may be put
   */
  static LevelLibrary choose(boolean nativeWanted, Path directory) throws IOException {
    if (!nativeWanted) {
      return JAVA;
    }
    try {
      NativeLevel.load(directory);
      return NATIVE;
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      log.warn(
          "No native LevelDB for {} on {} ({}): using the Java port, which is slower",
          System.getProperty("os.arch"),
          System.getProperty("os.name"),
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      return JAVA;
    }
  }

  DBFactory factory() {
    return this == NATIVE ? JniDBFactory.factory : Iq80DBFactory.factory;
  }
}
