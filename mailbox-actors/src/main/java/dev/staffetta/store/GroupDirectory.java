package dev.staffetta.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where Ratis keeps a group, looked at before Ratis does: what a crash or a full disk can leave
 * there would keep the group from starting.
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

  boolean exists() {
    return Files.isDirectory(root);
  }

  /**
   * Puts right what can be put right. A group that was being removed goes. A group without a term
   * and without a log was never finished: nothing was ever promised in it, and it is made anew. A
   * group whose term is lost may have voted for another peer and must not go on as if it had not;
   * if it has no other peers, it can.
   *
   * @return why it must not be started; empty: it may, if it still exists
   */
  Optional<String> inspect(String node) throws IOException {
    if (Files.exists(removal())) {
      log.warn("{} was being removed, going on with it", partition);
      remove();
      return Optional.empty();
    }
    if (!exists()) {
      return Optional.empty();
    }
    if (Files.exists(damage())) {
      return Optional.of(partition + ": " + Files.readString(damage()).strip());
    }
    Path meta = current().resolve(META);
    if (!Files.exists(meta)) {
      if (hasLog()) {
        return Optional.of(partition + " has a log but no term: " + meta + " is missing");
      }
      log.warn("{} was never finished, making it anew", partition);
      deleteAll();
      return Optional.empty();
    }
    return Files.size(meta) == 0 ? restoreTerm(meta, node) : Optional.empty();
  }

  /** The nodes that have replicas, as the directory says; none: it does not. */
  List<String> peers() {
    return configuration().getConfigurationEntry().getPeersList().stream()
        .map(peer -> peer.getId().toStringUtf8())
        .toList();
  }

  /** The nodes that have replicas, with their addresses; none: the directory does not say. */
  List<RaftPeer> raftPeers() {
    return configuration().getConfigurationEntry().getPeersList().stream()
        .map(ProtoUtils::toRaftPeer)
        .toList();
  }

  /** Notes that what is here is not what was written: it is not to be started again. */
  void markDamaged(String how) {
    try {
      if (exists() && !Files.exists(damage())) {
        Files.writeString(damage(), how + System.lineSeparator());
      }
    } catch (IOException e) {
      log.warn("{}: cannot note that it is damaged", partition, e);
    }
  }

  /**
   * Takes away the lock of a group that does not run here: Ratis keeps that of one that could not
   * be opened, to the end of the process.
   */
  void unlock() throws IOException {
    Files.deleteIfExists(root.resolve("in_use.lock"));
  }

  /** Takes back that it is damaged. */
  void isWellAgain() throws IOException {
    Files.deleteIfExists(damage());
  }

  private RaftProtos.LogEntryProto configuration() {
    try (InputStream in = Files.newInputStream(current().resolve(PEERS))) {
      return RaftProtos.LogEntryProto.parseFrom(in);
    } catch (NoSuchFileException | InvalidProtocolBufferException e) {
      return RaftProtos.LogEntryProto.getDefaultInstance();
    } catch (IOException e) {
      log.warn("{}: its peers cannot be read", partition, e);
      return RaftProtos.LogEntryProto.getDefaultInstance();
    }
  }

  private Optional<String> restoreTerm(Path meta, String node) throws IOException {
    if (!peers().equals(List.of(node))) {
      return Optional.of(
          partition
              + " has lost its term ("
              + meta
              + " is empty, a full disk does that): this replica has to be replaced");
    }
    long term = configuration().getTerm() + TERMS_AHEAD;
    log.warn("{} has lost its term, a full disk does that: going on in term {}", partition, term);
    Properties lines = new Properties();
    lines.setProperty("term", Long.toString(term));
    lines.setProperty("votedFor", node);
    Path temporary = meta.resolveSibling(META + ".new");
    try (var out = Files.newOutputStream(temporary)) {
      lines.store(out, "");
    }
    Files.move(temporary, meta, StandardCopyOption.ATOMIC_MOVE);
    return Optional.empty();
  }

  /** Notes that the group is being removed: whatever is left of it after a crash is to go. */
  void beginRemoval() throws IOException {
    Files.createDirectories(root.getParent());
    if (!Files.exists(removal())) {
      Files.createFile(removal());
    }
  }

  /** Removes what there is of the group, which must not run. */
  void remove() throws IOException {
    if (exists()) {
      deleteAll();
    }
    Files.deleteIfExists(removal());
  }

  /** The size of its files. */
  long bytes() {
    try (Stream<Path> files = Files.walk(root)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      // Files come and go while it is looked at.
      log.debug("{} cannot be measured", root, e);
      return 0;
    }
  }

  private Path damage() {
    return root.resolve("damaged");
  }

  private Path removal() {
    return root.resolveSibling(root.getFileName() + ".removal");
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
