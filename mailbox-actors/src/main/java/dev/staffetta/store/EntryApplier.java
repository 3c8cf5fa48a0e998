package dev.staffetta.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.staffetta.store.proto.Answer;
import dev.staffetta.store.proto.Answers;
import dev.staffetta.store.proto.Batch;
import dev.staffetta.store.proto.Change;
import dev.staffetta.store.proto.LogEntry;
import dev.staffetta.store.proto.Requirement;
import dev.staffetta.store.proto.Staged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.ratis.server.protocol.TermIndex;

/**
 * Applies one entry of the log: batch after batch, each if its requirements hold, all in one write
 * to LevelDB. What comes out depends on the entry and on what was applied before it, on nothing
 * else: every replica does the same.
 *
 * <p>An entry that cannot be understood is thrown upon: a replica that skipped it would be another
 * one than the rest.
 */
final class EntryApplier {
  /** The format of {@link LogEntry} that this code writes, and the only one so far. */
  static final int FORMAT = 1;

  private final LevelStore level;
  private final LevelChanges changes;

  /** What earlier batches of the entry changed: not yet in LevelDB. Empty: deleted. */
  private final TreeMap<byte[], Optional<byte[]>> pending = new TreeMap<>(Arrays::compareUnsigned);

  private EntryApplier(LevelStore level) {
    this.level = level;
    this.changes = level.newChanges();
  }

  /**
   * Applies an entry.
   *
   * @param data a {@link LogEntry}
   */
  static Answers apply(LevelStore level, TermIndex position, ByteBuffer data) throws IOException {
    LogEntry entry = LogEntry.parseFrom(aliasing(CodedInputStream.newInstance(data)));
    if (entry.getFormat() != FORMAT) {
      throw new StoreException(
          "log entry "
              + position
              + " has format "
              + entry.getFormat()
              + ", this version of Staffetta knows "
              + FORMAT);
    }
    EntryApplier applier = new EntryApplier(level);
    Answers.Builder answers = Answers.newBuilder();
    int last = entry.getBatchesCount() - 1;
    for (int i = 0; i <= last; i++) {
      answers.addAnswers(applier.apply(entry.getBatches(i), i < last));
    }
    level.apply(position, applier.changes);
    return answers.build();
  }

  private static CodedInputStream aliasing(CodedInputStream input) {
    input.enableAliasing(true);
    return input;
  }

  private Answer apply(Batch batch, boolean moreFollow) throws InvalidProtocolBufferException {
    return batch.hasStaged()
        ? applyStaged(batch.getStaged(), moreFollow)
        : applyWhole(batch, moreFollow);
  }

  /** The pieces go, whether the batch is applied or not. */
  private Answer applyStaged(Staged staged, boolean moreFollow)
      throws InvalidProtocolBufferException {
    byte[] id = staged.getId().toByteArray();
    List<ByteString> pieces = new ArrayList<>(staged.getPieces());
    for (int i = 0; i < staged.getPieces(); i++) {
      byte[] key = Keys.staged(id, i);
      Optional<byte[]> piece = get(key);
      if (piece.isEmpty()) {
        return Answer.newBuilder().setLost(true).build();
      }
      pieces.add(UnsafeByteOperations.unsafeWrap(piece.get()));
      change(key, Optional.empty(), moreFollow);
    }
    return applyWhole(Batch.parseFrom(ByteString.copyFrom(pieces)), moreFollow);
  }

  private Answer applyWhole(Batch batch, boolean moreFollow) {
    for (int i = 0; i < batch.getRequirementsCount(); i++) {
      if (!holds(batch.getRequirements(i))) {
        return Answer.newBuilder().setUnmet(i + 1).build();
      }
    }
    for (Change change : batch.getChangesList()) {
      change(
          change.getKey().toByteArray(),
          change.hasValue() ? Optional.of(change.getValue().toByteArray()) : Optional.empty(),
          moreFollow);
    }
    return Answer.getDefaultInstance();
  }

  private void change(byte[] key, Optional<byte[]> value, boolean moreFollow) {
    if (value.isPresent()) {
      changes.put(key, value.get());
    } else {
      changes.delete(key);
    }
    if (moreFollow) {
      pending.put(key, value);
    }
  }

  private boolean holds(Requirement requirement) {
    byte[] key = requirement.getKey().toByteArray();
    return switch (requirement.getKind()) {
      case EQUALS ->
          get(key).filter(v -> Arrays.equals(v, requirement.getValue().toByteArray())).isPresent();
      case ABSENT -> get(key).isEmpty();
      case PRESENT -> get(key).isPresent();
      case NONE_BEGINS -> noneIn(KeyRange.beginningWith(key));
      case UNRECOGNIZED ->
          throw new StoreException("a log entry requires what this version does not know");
    };
  }

  private Optional<byte[]> get(byte[] key) {
    Optional<byte[]> changed = pending.get(key);
    return changed != null ? changed : level.get(key);
  }

  private boolean noneIn(KeyRange range) {
    if (pending.subMap(range.from(), range.to()).values().stream().anyMatch(Optional::isPresent)) {
      return false;
    }
    try (Scan scan = level.scan(range)) {
      while (scan.hasNext()) {
        if (!pending.containsKey(scan.next().key())) {
          return false;
        }
      }
    }
    return true;
  }
}
