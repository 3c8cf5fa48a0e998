package dev.staffetta.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.staffetta.store.proto.SnapshotChunk;
import dev.staffetta.store.proto.SnapshotPairs;
import dev.staffetta.store.proto.SnapshotRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica that is being received: a LevelDB of its own that nobody reads, and how far it is. Of
 * one thread at a time.
 */
final class IncomingReplica {
  /** What came is not what was sent. */
  static final class DamagedChunkException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedChunkException(String message) {
      super(message);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(IncomingReplica.class);

  private final Path directory;
  private final LevelStore level;
  private final RaftPeer source;
  private final ByteString id;
  private final CRC32C whole = new CRC32C();

  private TermIndex at = TermIndex.valueOf(0, -1);
  private long nextNumber;
  private boolean isWhole;
  private PartitionStatus.Transfer progress = new PartitionStatus.Transfer(0, 0);

  private IncomingReplica(Path directory, LevelStore level, RaftPeer source) {
    this.directory = directory;
    this.level = level;
    this.source = source;
    UUID random = UUID.randomUUID();
    this.id =
        ByteString.copyFrom(
            ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(random.getMostSignificantBits())
                .putLong(random.getLeastSignificantBits())
                .flip());
  }

  /** Begins with an empty directory. */
  static IncomingReplica begin(Path directory, LevelStore.Shape shape, RaftPeer source)
      throws IOException {
    ReplicaDirectory.delete(directory);
    return new IncomingReplica(directory, LevelStore.open(directory, shape), source);
  }

  /** Who sends it. */
  RaftPeer source() {
    return source;
  }

  /** The last entry that will be in it; of term 0: not known yet. */
  TermIndex at() {
    return at;
  }

  long nextNumber() {
    return nextNumber;
  }

  boolean isWhole() {
    return isWhole;
  }

  PartitionStatus.Transfer progress() {
    return progress;
  }

  /** What to ask the source next. */
  SnapshotRequest request() {
    return SnapshotRequest.newBuilder().setTransfer(id).setNumber(nextNumber).build();
  }

  /**
   * A question to which the source can only say that it does not know it, and forgets the transfer.
   */
  SnapshotRequest farewell() {
    return SnapshotRequest.newBuilder().setTransfer(id).setNumber(nextNumber + 2).build();
  }

  /**
   * Takes the next chunk.
   *
   * @throws DamagedChunkException when nothing of it was taken, and it may be asked for again
   */
  void take(SnapshotChunk chunk) throws IOException {
    byte[] bytes = chunk.getPairs().toByteArray();
    if (chunk.getNumber() != nextNumber) {
      throw damaged(chunk, "came in place of chunk " + nextNumber);
    }
    if (SnapshotCursor.checksum(bytes) != chunk.getChecksum()) {
      throw damaged(chunk, "has another checksum than it says");
    }
    TermIndex ofChunk = TermIndex.valueOf(chunk.getTerm(), chunk.getIndex());
    if (nextNumber > 0 && !ofChunk.equals(at)) {
      throw damaged(chunk, "is of entry " + ofChunk + ", not " + at);
    }
    SnapshotPairs pairs;
    try {
      pairs = SnapshotPairs.parseFrom(UnsafeByteOperations.unsafeWrap(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw damaged(chunk, "cannot be read: " + e.getMessage());
    }
    level.load(pairs.getPairsList());
    whole.update(bytes);
    at = ofChunk;
    nextNumber++;
    progress =
        new PartitionStatus.Transfer(
            chunk.getBytesSoFar(), Math.max(chunk.getBytesSoFar(), chunk.getBytesInAll()));
    if (chunk.getLast()) {
      if ((int) whole.getValue() != chunk.getWholeChecksum()) {
        throw new IOException("all chunks together have another checksum than " + source + " says");
      }
      isWhole = true;
    }
  }

  /** Brings all to the disk and closes it. */
  void finish() throws IOException {
    if (!level.applied().filter(at::equals).isPresent()) {
      throw new IOException("it says that it is of entry " + level.applied() + ", not " + at);
    }
    level.sync(at);
    level.close();
  }

  /** Throws it away. */
  void drop() {
    try {
      level.close();
      ReplicaDirectory.delete(directory);
    } catch (IOException e) {
      log.warn("Cannot delete {}: the next start does", directory, e);
    }
  }

  private static DamagedChunkException damaged(SnapshotChunk chunk, String how) {
    return new DamagedChunkException("chunk " + chunk.getNumber() + " " + how);
  }
}
