package dev.staffetta.cli;

import com.typesafe.config.ConfigUtil;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The settings of a node of a local cluster: its name, where its data lies, its ports, which are
 * the well-known ones and 10000 times its number, and where the others are.
 */
final class LocalSettings {
  private static final int PORTS_PER_NODE = 10_000;

  /** By the keys of the section {@code listeners}. */
  private static final Map<String, Integer> WELL_KNOWN_PORTS = new LinkedHashMap<>();

  static {
    WELL_KNOWN_PORTS.put("smtp", 25);
    WELL_KNOWN_PORTS.put("submission", 587);
    WELL_KNOWN_PORTS.put("submissions", 465);
    WELL_KNOWN_PORTS.put("pop3", 110);
    WELL_KNOWN_PORTS.put("pop3s", 995);
    WELL_KNOWN_PORTS.put("imap", 143);
    WELL_KNOWN_PORTS.put("imaps", 993);
  }

  private static final int ADMIN_PORT = 80;
  private static final int ACTORS_PORT = 71;
  private static final int RAFT_PORT = 72;

  private LocalSettings() {}

  /**
   * A settings file.
   *
   * @param data directory of the cluster, absolute
   * @param number of the node, from 1
   * @param size of the cluster
   */
  static String of(Path data, int number, int size) {
    StringBuilder text = new StringBuilder();
    text.append(
        "# Written by 'staffetta cluster' at each start. Put settings for all nodes into\n");
    text.append("# staffetta.conf in the directory above.\n");
    text.append("include file(").append(quoted(data.resolve("staffetta.conf"))).append(")\n");
    text.append("staffetta {\n");
    text.append("  node.name = node").append(number).append('\n');
    text.append("  node.data-directory = ").append(quoted(data)).append('\n');
    WELL_KNOWN_PORTS.forEach((name, port) -> text.append(port("listeners." + name, port, number)));
    text.append(port("admin", ADMIN_PORT, number));
    text.append("  cluster.actors.host = 127.0.0.1\n");
    text.append(port("cluster.actors", ACTORS_PORT, number));
    text.append("  cluster.seed-nodes = [");
    text.append(
        IntStream.rangeClosed(1, size)
            .mapToObj(seed -> "\"127.0.0.1:" + (ACTORS_PORT + seed * PORTS_PER_NODE) + "\"")
            .collect(Collectors.joining(", ")));
    text.append("]\n");
    text.append("  store.raft.host = 127.0.0.1\n");
    text.append(port("store.raft", RAFT_PORT, number));
    return text.append("}\n").toString();
  }

  private static String port(String section, int wellKnown, int number) {
    return "  " + section + ".port = " + (wellKnown + number * PORTS_PER_NODE) + "\n";
  }

  private static String quoted(Path path) {
    return ConfigUtil.quoteString(path.toString());
  }
}
