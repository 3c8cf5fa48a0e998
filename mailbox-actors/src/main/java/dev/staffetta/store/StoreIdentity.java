package dev.staffetta.store;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroupId;

/**
 * Whose data a directory holds; written when it is made, never changed.
 *
 * @param cluster names the cluster
 * @param node names this node in it
 * @param partitions how many the cluster has
 */
record StoreIdentity(String cluster, String node, int partitions) {
  private static final String FILE = "identity";
  private static final String FORMAT = "1";

  /**
   * Reads a directory's identity, or gives it one, and refuses one that is not what is wanted.
   *
   * @param cluster empty: whatever the directory says; a new one gets a random name
   */
  static StoreIdentity of(Path directory, String cluster, String node, int partitions)
      throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      StoreIdentity fresh =
          new StoreIdentity(
              cluster.isEmpty() ? UUID.randomUUID().toString() : cluster, node, partitions);
      fresh.write(file);
      return fresh;
    }
    StoreIdentity found = read(file);
    if (!cluster.isEmpty() && !cluster.equals(found.cluster)) {
      throw new StoreException(
          directory + " holds data of cluster " + found.cluster + ", not of " + cluster);
    }
    if (!node.equals(found.node)) {
      throw new StoreException(
          directory + " holds the data of node " + found.node + ", not of " + node);
    }
    if (partitions != found.partitions) {
      throw new StoreException(
          directory
              + " was made with store.partitions = "
              + found.partitions
              + ", the setting says "
              + partitions
              + "; it cannot be changed");
    }
    return found;
  }

  /** The Raft group of a partition: the same on every node of the cluster, another in any other. */
  RaftGroupId group(int partition) {
    return RaftGroupId.valueOf(
        UUID.nameUUIDFromBytes((cluster + "/" + partition).getBytes(StandardCharsets.UTF_8)));
  }

  private static StoreIdentity read(Path file) throws IOException {
    Properties lines = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      lines.load(reader);
    }
    if (!FORMAT.equals(lines.getProperty("format"))) {
      throw new StoreException(
          file + " has format " + lines.getProperty("format") + ", this version knows " + FORMAT);
    }
    try {
      return new StoreIdentity(
          lines.getProperty("cluster", ""),
          lines.getProperty("node", ""),
          Integer.parseInt(lines.getProperty("partitions", "")));
    } catch (NumberFormatException e) {
      throw new StoreException(file + " does not say how many partitions there are", e);
    }
  }

  private void write(Path file) throws IOException {
    Properties lines = new Properties();
    lines.setProperty("format", FORMAT);
    lines.setProperty("cluster", cluster);
    lines.setProperty("node", node);
    lines.setProperty("partitions", Integer.toString(partitions));
    StringWriter text = new StringWriter();
    lines.store(text, "Whose data this is. Do not change.");
    Path temporary = file.resolveSibling(FILE + ".new");
    Files.writeString(temporary, text.toString());
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel channel = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
