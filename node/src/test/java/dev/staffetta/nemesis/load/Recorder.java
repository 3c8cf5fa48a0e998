package dev.staffetta.nemesis.load;

import dev.staffetta.nemesis.history.Complaint;
import dev.staffetta.nemesis.history.History;
import dev.staffetta.nemesis.history.Isolation;
import dev.staffetta.nemesis.history.Operation;
import dev.staffetta.nemesis.history.Read;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Where all clients write down what they do and see, by one clock. Any thread may. */
public final class Recorder {
  private final long start = System.nanoTime();
  private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final Queue<Read> reads = new ConcurrentLinkedQueue<>();
  private final Queue<Complaint> complaints = new ConcurrentLinkedQueue<>();
  private final Queue<Isolation> isolations = new ConcurrentLinkedQueue<>();

  /** Nanoseconds since the start. */
  public long now() {
    return System.nanoTime() - start;
  }

  public void add(Operation operation) {
    operations.add(operation);
  }

  public void add(Read read) {
    reads.add(read);
  }

  public void add(Isolation isolation) {
    isolations.add(isolation);
  }

  public void complain(String client, String node, String what) {
    complaints.add(new Complaint(now(), client, node, what));
  }

  /** How many operations were acknowledged so far. */
  public long acknowledged() {
    return operations.stream().filter(o -> o.attempt().isDone()).count();
  }

  public History history() {
    return new History(
        List.copyOf(operations),
        List.copyOf(reads),
        List.copyOf(complaints),
        List.copyOf(isolations));
  }

  /**
   * Forgets what has been checked and is of no further use: reads but for the final ones, and
   * complaints. What was done is kept for ever.
   */
  public void forgetReads() {
    reads.removeIf(read -> !read.isFinal());
    complaints.clear();
  }
}
