package dev.staffetta.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.staffetta.store.proto.Batch;
import dev.staffetta.store.proto.Change;
import dev.staffetta.store.proto.Staged;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A batch that is too large for one log entry: its bytes are written in pieces, under keys that
 * nobody reads, and then one small batch has the state machine put them together and apply them as
 * one. What a crash leaves of the pieces is deleted by the next leader.
 */
record StagedWrite(ByteString id, ByteString data, boolean makesRoom) {
  /** Half an entry, so that others find room in it. */
  private static final int PIECE_BYTES = PartitionWriter.MAX_ENTRY_BYTES / 2;

  static StagedWrite of(WriteBatch batch) {
    UUID id = UUID.randomUUID();
    return new StagedWrite(
        UnsafeByteOperations.unsafeWrap(
            ByteBuffer.wrap(new byte[2 * Long.BYTES])
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array()),
        batch.toProto().toByteString(),
        batch.makesRoom());
  }

  /** Completes as the whole batch does. */
  CompletionStage<Void> write(PartitionWriter writer) {
    return writePieces(writer, 0).thenCompose(pieces -> writer.write(whole(pieces), makesRoom));
  }

  private CompletionStage<Integer> writePieces(PartitionWriter writer, int number) {
    int from = number * PIECE_BYTES;
    if (from >= data.size()) {
      return CompletableFuture.completedFuture(number);
    }
    ByteString piece = data.substring(from, Math.min(data.size(), from + PIECE_BYTES));
    Batch batch =
        Batch.newBuilder()
            .addChanges(
                Change.newBuilder()
                    .setKey(UnsafeByteOperations.unsafeWrap(Keys.staged(id.toByteArray(), number)))
                    .setValue(piece))
            .build();
    return writer.write(batch, makesRoom).thenCompose(done -> writePieces(writer, number + 1));
  }

  private Batch whole(int pieces) {
    return Batch.newBuilder().setStaged(Staged.newBuilder().setId(id).setPieces(pieces)).build();
  }
}
