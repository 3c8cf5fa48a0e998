package dev.staffetta.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.staffetta.ports.Refusal;
import dev.staffetta.store.proto.Answers;
import dev.staffetta.store.proto.Batch;
import dev.staffetta.store.proto.LogEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Gathers a partition's writes. While one entry is on its way, the batches that come wait and then
 * go together in the next: Raft's price is per entry, not per byte. They keep their order.
 *
 * <p>Callers' threads only queue; entries are made and answers given out on the one executor, a
 * task at a time.
 */
final class PartitionWriter {
  /** What carries an entry to the log and its answers back. */
  interface Log extends Function<byte[], CompletionStage<Answers>> {}

  /**
   * How large an entry can be: what a Raft appender takes at once is 1 MiB, and it adds some bytes
   * of its own.
   */
  static final int MAX_ENTRY_BYTES = (1 << 20) - (16 << 10);

  private record Waiting(Batch batch, int bytes, boolean makesRoom, CompletableFuture<Void> done) {}

  private final String name;
  private final long maxQueuedBytes;
  private final Log raft;
  private final Executor executor;

  private final LongAdder entries = new LongAdder();
  private final LongAdder batches = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder answeredEntries = new LongAdder();
  private final LongAdder nanosToAnswer = new LongAdder();

  /** Guarded by this, as are the four below. */
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();

  private List<Waiting> sent = List.of();

  private long queuedBytes;
  private boolean onItsWay;
  private String closedBecause = "";

  PartitionWriter(String name, long maxQueuedBytes, Log raft, Executor executor) {
    this.name = name;
    this.maxQueuedBytes = maxQueuedBytes;
    this.raft = raft;
    this.executor = executor;
  }

  /**
   * Queues a batch; its stage completes when it is durable, on the writer's executor.
   *
   * @param makesRoom whether it may be written when the disk is nearly full
   */
  CompletionStage<Void> write(Batch batch, boolean makesRoom) {
    int size = batch.getSerializedSize();
    if (size > MAX_ENTRY_BYTES) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException(
              "a batch of " + size + " bytes, at most " + MAX_ENTRY_BYTES + " fit an entry"));
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    synchronized (this) {
      if (!closedBecause.isEmpty()) {
        return CompletableFuture.failedFuture(unavailable(closedBecause));
      }
      if (queuedBytes + size > maxQueuedBytes) {
        return CompletableFuture.failedFuture(unavailable("too many writes are waiting"));
      }
      queue.add(new Waiting(batch, size, makesRoom, done));
      queuedBytes += size;
      if (onItsWay) {
        return done;
      }
      onItsWay = true;
    }
    executor.execute(this::sendNext);
    return done;
  }

  /** Refuses what waits and what comes; what is on its way gets its own answer. */
  void close(String because) {
    refuse(because, true, false);
  }

  /** Refuses all: what is on its way too, of which nothing more will be heard. */
  void abort(String because) {
    refuse(because, true, true);
  }

  /** Refuses what waits and what is on its way; what comes later is taken. */
  void giveUp(String because) {
    refuse(because, false, true);
  }

  private void refuse(String because, boolean forEver, boolean withSent) {
    List<Waiting> refused;
    synchronized (this) {
      if (forEver && closedBecause.isEmpty()) {
        closedBecause = because;
      }
      refused = new ArrayList<>(queue);
      queue.clear();
      queuedBytes = 0;
      if (withSent) {
        refused.addAll(sent);
      }
    }
    refused.forEach(w -> w.done().completeExceptionally(unavailable(because)));
  }

  /** Entries sent. */
  long entries() {
    return entries.sum();
  }

  /** Batches in them. */
  long batches() {
    return batches.sum();
  }

  /** Bytes in them. */
  long bytes() {
    return bytes.sum();
  }

  /** Entries that were answered, whatever the answer. */
  long answeredEntries() {
    return answeredEntries.sum();
  }

  /** From their way into the log to their answers. */
  long nanosToAnswer() {
    return nanosToAnswer.sum();
  }

  /** Bytes that wait. */
  synchronized long queuedBytes() {
    return queuedBytes;
  }

  private void sendNext() {
    List<Waiting> taken = takeWhatFits();
    if (taken.isEmpty()) {
      return;
    }
    LogEntry.Builder entry =
        LogEntry.newBuilder()
            .setFormat(EntryApplier.FORMAT)
            .setMakesRoom(taken.stream().allMatch(Waiting::makesRoom));
    taken.forEach(w -> entry.addBatches(w.batch()));
    byte[] data = entry.build().toByteArray();
    entries.increment();
    batches.add(taken.size());
    bytes.add(data.length);
    long sentAtNanos = System.nanoTime();
    CompletionStage<Answers> answered;
    try {
      answered = raft.apply(data);
    } catch (RuntimeException e) {
      answered = CompletableFuture.failedFuture(e);
    }
    answered.whenCompleteAsync(
        (answers, failure) -> {
          answeredEntries.increment();
          nanosToAnswer.add(System.nanoTime() - sentAtNanos);
          if (failure != null) {
            taken.forEach(w -> w.done().completeExceptionally(failure));
          } else {
            giveOut(taken, answers);
          }
          sendNext();
        },
        executor);
  }

  /**
   * What makes room and what does not never go together: the one may be refused.
   *
   * @return nothing: nothing waits, and nothing is on its way any more
   */
  private synchronized List<Waiting> takeWhatFits() {
    List<Waiting> taken = new ArrayList<>();
    int size = 0;
    while (!queue.isEmpty()) {
      // A length, a tag, and the format's number come on top.
      size += queue.peek().bytes() + 8;
      if (!taken.isEmpty()
          && (size > MAX_ENTRY_BYTES || queue.peek().makesRoom() != taken.get(0).makesRoom())) {
        break;
      }
      Waiting next = queue.remove();
      queuedBytes -= next.bytes();
      taken.add(next);
    }
    onItsWay = !taken.isEmpty();
    sent = taken;
    return taken;
  }

  private void giveOut(List<Waiting> taken, Answers answers) {
    for (int i = 0; i < taken.size(); i++) {
      Waiting waiting = taken.get(i);
      if (i >= answers.getAnswersCount()) {
        // Applied before a restart, which did not keep what came of it.
        waiting.done().completeExceptionally(unavailable("what became of it is not known"));
        continue;
      }
      int unmet = answers.getAnswers(i).getUnmet();
      if (answers.getAnswers(i).getLost()) {
        waiting.done().completeExceptionally(unavailable("it led another time meanwhile"));
      } else if (unmet == 0) {
        waiting.done().complete(null);
      } else {
        waiting
            .done()
            .completeExceptionally(
                new RequirementNotMetException(unmet - 1, describe(waiting.batch(), unmet - 1)));
      }
    }
  }

  private String describe(Batch batch, int requirement) {
    return name
        + " refused a write: "
        + (requirement < batch.getRequirementsCount()
            ? batch.getRequirements(requirement).getKind() + " does not hold"
            : "its requirement " + requirement + " does not hold");
  }

  private Refusal unavailable(String because) {
    return new Refusal(Refusal.Code.UNAVAILABLE, name + ": " + because);
  }

  /** Parses what the state machine answered. */
  static Answers parseAnswers(java.nio.ByteBuffer answers) {
    try {
      return Answers.parseFrom(answers);
    } catch (InvalidProtocolBufferException e) {
      throw new StoreException("the state machine's answer cannot be read", e);
    }
  }
}
