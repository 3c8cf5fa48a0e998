package dev.staffetta.mailbox;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Batch;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** A mailbox without an actor: decides, writes to a list of bytes, and can be started again. */
final class PureMailbox {
  static final MailboxLimits LIMITS = new MailboxLimits(10_000, 1000, 7, 9);

  private final MailboxSerializer serializer = new MailboxSerializer();
  private final MailboxId id;
  private final List<Stored> journal = new ArrayList<>();
  private Optional<List<Stored>> snapshot = Optional.empty();
  private int snapshotAt;
  private MailboxState state;

  /** Bytes as a store has them. */
  record Stored(String manifest, ByteString bytes) {}

  PureMailbox(long number) {
    this.id = new MailboxId(new AccountId("alice@example.com"), number);
    this.state = MailboxState.absent(id);
    write(new MailboxChange.Created(1000 + number));
  }

  MailboxState state() {
    return state;
  }

  MailboxId id() {
    return id;
  }

  /** Decides a command and writes what comes of it; empty: the answer comes later. */
  <R> Optional<Answer<R>> run(MailboxCommand.Change<R> command) {
    Batch<MailboxState, MailboxChange, MailboxLimits> batch =
        new Batch<>(state, LIMITS, () -> true, (before, change) -> change.applyTo(before));
    Optional<Answer<R>> answer = batch.take(command);
    batch.changes().forEach(this::write);
    return answer;
  }

  private void write(MailboxChange change) {
    journal.add(stored(change));
    state = change.applyTo(state);
  }

  /** Forgets all but what is written, and starts from that. */
  void restart() {
    MailboxState recovered =
        snapshot
            .map(
                parts -> {
                  SnapshotRoot root = (SnapshotRoot) value(parts.get(0));
                  return root.withSegments(
                      parts.subList(1, parts.size()).stream().map(this::value).toList());
                })
            .orElseGet(() -> MailboxState.absent(id));
    for (Stored event : journal.subList(snapshotAt, journal.size())) {
      recovered = ((MailboxChange) value(event)).applyTo(recovered);
    }
    state = recovered;
  }

  /** Writes the state as a whole; earlier changes are not read any more. */
  void snapshot() {
    List<Stored> parts = new ArrayList<>();
    parts.add(stored(state.root()));
    state.segments().forEach(segment -> parts.add(stored(segment)));
    snapshot = Optional.of(parts);
    snapshotAt = journal.size();
  }

  private Stored stored(Object value) {
    return new Stored(
        serializer.manifest(value), ByteString.fromArrayUnsafe(serializer.toBinary(value)));
  }

  private Object value(Stored stored) {
    try {
      return serializer.fromBinary(stored.bytes().toArrayUnsafe(), stored.manifest());
    } catch (NotSerializableException e) {
      throw new AssertionError(e);
    }
  }
}
