package dev.staffetta.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where Ratis keeps a group, looked at before Ratis does: what a crash or a full disk can leave
 * there would keep all groups of the node from starting.
 */
record GroupDirectory(Path root, String partition) {
  private static final Logger log = LoggerFactory.getLogger(GroupDirectory.class);

  /** The term and the vote. */
  private static final String META = "raft-meta";

  /** The peers, as an entry of the log with its term. */
  private static final String PEERS = META + ".conf";

  /**
   * How far above the last known term a lone peer begins again. A term is an election, and nearly
   * every one is noted: none in the log can be as high.
   */
  private static final long TERMS_AHEAD = 1_000;

  /**
   * Puts right what can be put right. A group without a term and without a log was never finished:
   * nothing was ever promised in it, and it is made anew. A group whose term is lost may have voted
   * for another peer and must not go on as if it had not; if it has no other peers, it can.
   *
   * @param alone whether this node is the only one
   * @throws StoreException if it must not be started
   */
  void inspect(String node, boolean alone) throws IOException {
    if (!Files.isDirectory(root)) {
      return;
    }
    Path meta = current().resolve(META);
    if (!Files.exists(meta)) {
      if (hasLog()) {
        throw new StoreException(partition + " has a log but no term: " + meta + " is missing");
      }
      log.warn("{} was never finished, making it anew", partition);
      deleteAll();
    } else if (Files.size(meta) == 0) {
      if (!alone) {
        throw new StoreException(
            partition
                + " has lost its term ("
                + meta
                + " is empty, a full disk does that): this replica has to be replaced");
      }
      restoreTerm(meta, node);
    }
  }

  private void restoreTerm(Path meta, String node) throws IOException {
    RaftProtos.LogEntryProto peers;
    try (InputStream in = Files.newInputStream(current().resolve(PEERS))) {
      peers = RaftProtos.LogEntryProto.parseFrom(in);
    }
    if (peers.getConfigurationEntry().getPeersCount() != 1) {
      throw new StoreException(
          partition
              + " has lost its term ("
              + meta
              + " is empty) and does not say that it has no other peers");
    }
    long term = peers.getTerm() + TERMS_AHEAD;
    log.warn("{} has lost its term, a full disk does that: going on in term {}", partition, term);
    Properties lines = new Properties();
    lines.setProperty("term", Long.toString(term));
    lines.setProperty("votedFor", node);
    Path temporary = meta.resolveSibling(META + ".new");
    try (var out = Files.newOutputStream(temporary)) {
      lines.store(out, "");
    }
    Files.move(temporary, meta, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path current() {
    return root.resolve("current");
  }

  private boolean hasLog() throws IOException {
    if (!Files.isDirectory(current())) {
      return false;
    }
    try (Stream<Path> files = Files.list(current())) {
      return files.anyMatch(f -> f.getFileName().toString().startsWith("log_"));
    }
  }

  private void deleteAll() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
