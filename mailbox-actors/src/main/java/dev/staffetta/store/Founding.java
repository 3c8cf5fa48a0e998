package dev.staffetta.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Whether a directory's groups were made with this node as their only peer, which happens once at
 * most: a group made a second time, when its replica here had been taken away, would be another
 * truth beside the one that the rest of the cluster knows.
 */
record Founding(Path file) {
  private static final String BEGUN = "begun";
  private static final String DONE = "done";

  static Founding of(Path directory) {
    return new Founding(directory.resolve("founding"));
  }

  /**
   * Decides whether missing groups are to be made, and keeps the decision.
   *
   * @param wanted counts for a directory that has not decided yet
   */
  boolean decide(boolean wanted) throws IOException {
    if (!Files.exists(file)) {
      write(wanted ? BEGUN : DONE);
    }
    return Files.readString(file).strip().equals(BEGUN);
  }

  /** All groups are there: from now on Raft says who has replicas. */
  void done() throws IOException {
    write(DONE);
  }

  private void write(String state) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(temporary, state + System.lineSeparator());
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel channel = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
