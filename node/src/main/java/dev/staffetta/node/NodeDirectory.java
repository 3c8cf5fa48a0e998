package dev.staffetta.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A node's own directory while its process has it: locked against a second process, with the files
 * that tell others of it.
 *
 * <ul>
 *   <li>{@code lock}: held by the operating system for the process, so it never outlives it
 *   <li>{@code pid}: the process; removed at an orderly stop
 *   <li>{@code admin-url}: where the admin API listens; removed at an orderly stop
 * </ul>
 */
public final class NodeDirectory implements AutoCloseable {
  /** Name of the file that says where the admin API of a running node listens. */
  public static final String ADMIN_URL = "admin-url";

  /** Name of the file with the process id of a running node. */
  public static final String PID = "pid";

  private final Path path;
  private final FileChannel lockFile;
  private final boolean isNew;

  private NodeDirectory(Path path, FileChannel lockFile, boolean isNew) {
    this.path = path;
    this.lockFile = lockFile;
    this.isNew = isNew;
  }

  /** Makes the directory if it is missing and locks it. */
  @SuppressWarnings("resource") // The lock's file stays open until close().
  public static NodeDirectory open(Path path) throws StartFailure {
    FileChannel lockFile;
    boolean isNew;
    try {
      isNew = !Files.exists(path);
      Files.createDirectories(path);
      lockFile =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new StartFailure(
          "cannot use the data directory " + path.toAbsolutePath() + ": " + reason(e), e);
    }
    try {
      FileLock lock = lockFile.tryLock();
      if (lock == null) {
        throw inUse(path, lockFile);
      }
      NodeDirectory directory = new NodeDirectory(path, lockFile, isNew);
      directory.write(PID, Long.toString(ProcessHandle.current().pid()));
      return directory;
    } catch (OverlappingFileLockException e) {
      throw inUse(path, lockFile);
    } catch (IOException e) {
      throw new StartFailure(
          "cannot lock the data directory " + path.toAbsolutePath() + ": " + reason(e), e);
    }
  }

  private static StartFailure inUse(Path path, FileChannel lockFile) {
    String holder;
    try {
      lockFile.close();
      holder = "process " + Files.readString(path.resolve(PID)).strip();
    } catch (IOException e) {
      holder = "another process";
    }
    return new StartFailure(
        "the data directory "
            + path.toAbsolutePath()
            + " is in use by "
            + holder
            + "; stop it first or choose another directory");
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "") + " (" + e.getMessage() + ")";
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Whether it was made by this start. */
  public boolean isNew() {
    return isNew;
  }

  /** Tells those who look where the admin API listens. */
  public void writeAdminUrl(String url) throws IOException {
    write(ADMIN_URL, url);
  }

  private void write(String name, String line) throws IOException {
    Path written = Files.writeString(path.resolve(name + ".new"), line + "\n");
    Files.move(
        written,
        path.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes what told of the process, and the lock. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path.resolve(ADMIN_URL));
    Files.deleteIfExists(path.resolve(PID));
    lockFile.close();
  }
}
