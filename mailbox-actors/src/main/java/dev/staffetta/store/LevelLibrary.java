package dev.staffetta.store;

import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DBFactory;
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

  DBFactory factory() {
    return this == NATIVE ? JniDBFactory.factory : Iq80DBFactory.factory;
  }
}
