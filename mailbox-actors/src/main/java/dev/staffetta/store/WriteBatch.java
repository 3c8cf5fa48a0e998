package dev.staffetta.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.staffetta.store.proto.Batch;
import dev.staffetta.store.proto.Change;
import dev.staffetta.store.proto.Requirement;
import dev.staffetta.store.proto.Requirement.Kind;

/**
 * Changes to one partition that happen wholly or not at all, and what must hold for them to happen.
 *
 * <p>Requirements are checked by the state machine at the batch's place in the log: between the
 * check and the change nothing else happens. That is how a writer that no longer owns a key is
 * fenced.
 */
public final class WriteBatch {
  private final Batch batch;
  private final boolean makesRoom;

  private WriteBatch(Batch batch, boolean makesRoom) {
    this.batch = batch;
    this.makesRoom = makesRoom;
  }

  /** Starts an empty batch. */
  public static Builder builder() {
    return new Builder();
  }

  /** Its size in the log, in bytes. */
  public int sizeInBytes() {
    return batch.getSerializedSize();
  }

  /** Whether it is let through when the disk is nearly full. */
  public boolean makesRoom() {
    return makesRoom;
  }

  /** As the log has it. */
  Batch toProto() {
    return batch;
  }

  /** Arrays given to it are not copied and must not change afterwards. Not for several threads. */
  public static final class Builder {
    private final Batch.Builder batch = Batch.newBuilder();
    private boolean makesRoom;

    private Builder() {}

    /** Sets a key's value. */
    public Builder put(byte[] key, byte[] value) {
      batch.addChanges(Change.newBuilder().setKey(wrap(key)).setValue(wrap(value)));
      return this;
    }

    /** Takes a key away; nothing happens if it has no value. */
    public Builder delete(byte[] key) {
      batch.addChanges(Change.newBuilder().setKey(wrap(key)));
      return this;
    }

    /** The key must have exactly this value. */
    public Builder requireEquals(byte[] key, byte[] value) {
      return require(Kind.EQUALS, key, value);
    }

    /** The key must have no value. */
    public Builder requireAbsent(byte[] key) {
      return require(Kind.ABSENT, key, new byte[0]);
    }

    /** The key must have a value, whatever it is. */
    public Builder requirePresent(byte[] key) {
      return require(Kind.PRESENT, key, new byte[0]);
    }

    /** No key that begins with {@code prefix} may have a value. */
    public Builder requireNoneBeginningWith(byte[] prefix) {
      return require(Kind.NONE_BEGINS, prefix, new byte[0]);
    }

    /**
     * Says that the batch leaves less on the disk than there was, sooner or later: it is let
     * through when the disk is nearly full.
     */
    public Builder makesRoom() {
      makesRoom = true;
      return this;
    }

    /** How many changes it has so far. */
    public int changes() {
      return batch.getChangesCount();
    }

    /** The batch. */
    public WriteBatch build() {
      return new WriteBatch(batch.build(), makesRoom);
    }

    private Builder require(Kind kind, byte[] key, byte[] value) {
      batch.addRequirements(
          Requirement.newBuilder().setKind(kind).setKey(wrap(key)).setValue(wrap(value)));
      return this;
    }

    private static ByteString wrap(byte[] bytes) {
      return UnsafeByteOperations.unsafeWrap(bytes);
    }
  }
}
