package dev.staffetta.nemesis.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system in memory on a node's directory, which can be filled. */
final class SmallDisk implements AutoCloseable {
  private static final int MEBIBYTE = 1 << 20;

  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /** Whether this process may mount one. */
  static boolean isPossible(Path anywhere) throws IOException, InterruptedException {
    Path trial = Files.createDirectories(anywhere.resolve("trial"));
    boolean isMounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", trial.toString());
    if (isMounted) {
      run("umount", trial.toString());
    }
    Files.delete(trial);
    return isMounted;
  }

  static SmallDisk mount(Path directory, int mebibytes) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    if (!run(
        "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", directory.toString())) {
      throw new IOException("cannot mount a file system on " + directory);
    }
    return new SmallDisk(directory);
  }

  /** Writes until only so much is free. */
  void fill(int freeMebibytes) throws IOException {
    byte[] block = new byte[MEBIBYTE];
    try (OutputStream filler = Files.newOutputStream(filler())) {
      while (Files.getFileStore(directory).getUsableSpace()
          > (long) freeMebibytes * MEBIBYTE + MEBIBYTE) {
        filler.write(block);
      }
    }
  }

  void clear() throws IOException {
    Files.deleteIfExists(filler());
  }

  private Path filler() {
    return directory.resolve("filler");
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  @Override
  public void close() throws IOException {
    try {
      run("umount", "-l", directory.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
