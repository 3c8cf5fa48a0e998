package dev.staffetta.cluster;

import dev.staffetta.config.NodeAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code members} of a node: what other nodes it has seen in its cluster, and where, the
 * latest first. With it a node finds its cluster again when every seed is dead.
 *
 * <p>Not safe for threads.
 */
public final class KnownMembers {
  private static final Logger LOG = LoggerFactory.getLogger(KnownMembers.class);
  private static final String FILE = "members";

  /** More than a cluster has, so that those long gone drop out. */
  private static final int MOST = 32;

  private final Path file;
  private Map<String, NodeAddress> members;

  private KnownMembers(Path file, Map<String, NodeAddress> members) {
    this.file = file;
    this.members = members;
  }

  /**
   * Reads the file; a missing one is empty, and so is a line that cannot be read.
   *
   * @param directory of the node
   */
  public static KnownMembers in(Path directory) {
    Path file = directory.resolve(FILE);
    Map<String, NodeAddress> members = new LinkedHashMap<>();
    if (Files.exists(file)) {
      try {
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
          read(line, file, members);
        }
      } catch (IOException e) {
        LOG.warn("cannot read {}: {}; only the seeds are asked", file, e.toString());
      }
    }
    return new KnownMembers(file, members);
  }

  private static void read(String line, Path file, Map<String, NodeAddress> members) {
    int space = line.indexOf(' ');
    if (space < 0) {
      return;
    }
    try {
      members.put(line.substring(0, space), NodeAddress.parse(line.substring(space + 1).strip()));
    } catch (IllegalArgumentException e) {
      LOG.warn("{}: '{}' is passed over: {}", file, line, e.getMessage());
    }
  }

  /** Where they were last. */
  public List<NodeAddress> addresses() {
    return List.copyOf(members.values());
  }

  /** Adds those who are there now, and writes if that is news. */
  void seen(Map<String, NodeAddress> present) {
    Map<String, NodeAddress> merged = new LinkedHashMap<>(present);
    members.forEach(merged::putIfAbsent);
    List<String> names = new ArrayList<>(merged.keySet());
    names.stream().skip(MOST).forEach(merged::remove);
    if (merged.equals(members)) {
      return;
    }
    members = merged;
    write();
  }

  private void write() {
    StringBuilder text = new StringBuilder();
    members.forEach((node, address) -> text.append(node).append(' ').append(address).append('\n'));
    try {
      Path written = Files.writeString(file.resolveSibling(FILE + ".new"), text);
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
