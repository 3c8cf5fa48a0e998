package dev.staffetta.delivery;

import dev.staffetta.config.DeliverySettings;
import dev.staffetta.ports.Spool;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * {@link Spool} of one node: small messages in memory, large ones in files. Files that a crash left
 * are deleted at start: nothing in the spool was promised to anybody.
 */
public final class NodeSpool implements Spool {
  private static final String SUFFIX = ".eml";

  private final Path directory;
  private final DeliverySettings.Spool settings;
  private final Executor blocking;
  private final MemoryBudget budget;

  /**
   * Empties the directory; makes it if it is missing.
   *
   * @param directory of this spool alone
   * @param blocking where files are written
   */
  public NodeSpool(Path directory, DeliverySettings.Spool settings, Executor blocking)
      throws IOException {
    this.directory = directory;
    this.settings = settings;
    this.blocking = blocking;
    this.budget = new MemoryBudget(settings.budgetBytes());
    Files.createDirectories(directory);
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : leftovers) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Override
  public Writer open() {
    return new SpoolWriter(this);
  }

  /** Where the message with this name is to lie. */
  Path file(String name) {
    return directory.resolve(name + SUFFIX);
  }

  /** Size from which a message is too large for memory. */
  int memoryBytes() {
    return settings.memoryBytes();
  }

  Executor blocking() {
    return blocking;
  }

  MemoryBudget budget() {
    return budget;
  }
}
