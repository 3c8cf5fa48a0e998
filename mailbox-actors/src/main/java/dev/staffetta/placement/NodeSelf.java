package dev.staffetta.placement;

import dev.staffetta.placement.NodeReport.Progress;
import dev.staffetta.store.DiskState;
import dev.staffetta.store.PartitionStatus;
import dev.staffetta.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Looks how this node stands, for its reports. One look at a time; the agent sees to that. It
 * remembers only when each replica began to be copied here, to say how long it will take.
 */
final class NodeSelf implements Supplier<NodeReport> {
  private final Store store;
  private final Path directory;
  private final Map<Integer, Begun> begun = new HashMap<>();

  private record Begun(long bytes, long at) {}

  /**
   * This node.
   *
   * @param directory on the disk that fills up
   */
  NodeSelf(Store store, Path directory) {
    this.store = store;
    this.directory = directory;
  }

  @Override
  public NodeReport get() {
    List<PartitionStatus> partitions = store.status();
    String version = NodeSelf.class.getPackage().getImplementationVersion();
    return new NodeReport(
        store.peerAddress(),
        NodeState.JOINED,
        0,
        false,
        store.diskState() == DiskState.ROOMY,
        space(),
        disk(store.diskState()),
        version == null ? "development" : version,
        ProcessHandle.current().pid(),
        TimeUnit.MILLISECONDS.toSeconds(ManagementFactory.getRuntimeMXBean().getUptime()),
        partitions,
        List.of(),
        progress(partitions));
  }

  private NodeReport.Space space() {
    try {
      FileStore disk = Files.getFileStore(directory);
      return new NodeReport.Space(disk.getUsableSpace(), disk.getTotalSpace(), store.roomBytes());
    } catch (IOException | UncheckedIOException e) {
      return new NodeReport.Space(0, 0, 0);
    }
  }

  private static String disk(DiskState state) {
    return switch (state) {
      case ROOMY -> "roomy";
      case NEARLY_FULL -> "nearly full";
      case FULL -> "full";
    };
  }

  private List<Progress> progress(List<PartitionStatus> partitions) {
    long now = System.nanoTime();
    List<Progress> progress = new ArrayList<>();
    for (PartitionStatus partition : partitions) {
      if (partition.transfer().isEmpty()) {
        begun.remove(partition.partition());
        continue;
      }
      PartitionStatus.Transfer transfer = partition.transfer().get();
      Begun start = begun.get(partition.partition());
      if (start == null || start.bytes() > transfer.bytes()) {
        start = new Begun(transfer.bytes(), now);
        begun.put(partition.partition(), start);
      }
      progress.add(
          new Progress(
              partition.partition(),
              transfer.bytes(),
              transfer.ofBytes(),
              secondsLeft(transfer, start, now)));
    }
    return progress;
  }

  private static long secondsLeft(PartitionStatus.Transfer transfer, Begun start, long now) {
    long moved = transfer.bytes() - start.bytes();
    if (moved <= 0 || transfer.ofBytes() <= 0) {
      return -1;
    }
    double seconds = (now - start.at()) / 1e9;
    return Math.round(Math.max(0, transfer.ofBytes() - transfer.bytes()) * seconds / moved);
  }
}
