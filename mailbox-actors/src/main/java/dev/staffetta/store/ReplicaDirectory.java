package dev.staffetta.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a replica's LevelDB lies, and where another comes to lie that takes its place.
 *
 * <pre>
 * level            what is read and written
 * level.new        on its way here: worth nothing when the process ends
 * level.received   came whole and is on the disk: takes the place of level at the next chance
 * level.old        had its place taken: on its way out
 * </pre>
 *
 * <p>A directory gets its name by a rename, which happens or does not: whatever the process dies
 * in, the next start finds one of these states and goes on from it.
 */
record ReplicaDirectory(Path root) {
  /** As Ratis names the files of its log. */
  private static final Pattern LOG_FILE = Pattern.compile("log_(?:inprogress_)?(\\d+)(?:-\\d+)?");

  Path level() {
    return root.resolve("level");
  }

  Path incoming() {
    return root.resolve("level.new");
  }

  private Path received() {
    return root.resolve("level.received");
  }

  private Path old() {
    return root.resolve("level.old");
  }

  /** Brings what a crash left into order. No LevelDB may be open. */
  void recover() throws IOException {
    delete(incoming());
    takeOver();
  }

  /** Whether a replica came whole and waits for its place. */
  boolean hasReceived() {
    return Files.isDirectory(received());
  }

  /** The incoming is whole and synced: from now on it is the replica, also behind a crash. */
  void incomingIsWhole() throws IOException {
    delete(received());
    Files.move(incoming(), received(), StandardCopyOption.ATOMIC_MOVE);
    force(root);
  }

  /** Puts what was received into its place, if something was. No LevelDB may be open. */
  void takeOver() throws IOException {
    if (hasReceived()) {
      if (Files.isDirectory(level())) {
        delete(old());
        Files.move(level(), old(), StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(received(), level(), StandardCopyOption.ATOMIC_MOVE);
      force(root);
    }
    delete(old());
  }

  /** The first entry of Raft's log beside it; empty: there is none. */
  OptionalLong firstInLog() throws IOException {
    Path current = root.resolve("current");
    if (!Files.isDirectory(current)) {
      return OptionalLong.empty();
    }
    try (Stream<Path> files = Files.list(current)) {
      return files
          .map(file -> LOG_FILE.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToLong(name -> Long.parseLong(name.group(1)))
          .min();
    }
  }

  /** Deletes a directory with all that is in it; nothing happens if it is not there. */
  static void delete(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
