package dev.staffetta.ports.memory;

import dev.staffetta.ports.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What goes wrong with the next calls of a port. Faults set for one kind of call are met by its
 * calls one each, in the order in which they were set; calls after that work again.
 */
public final class Faults {
  /** A call that waits. */
  public interface Held {
    /** Lets the call go on; it is carried out now. */
    void release();
  }

  /** What nobody expected. */
  public static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Broken(PortCall call) {
      super("broken by a test: " + call);
    }
  }

  private interface Fault {
    <T> CompletionStage<T> meet(Supplier<CompletionStage<T>> call);
  }

  private final Map<PortCall, Deque<Fault>> faults = new EnumMap<>(PortCall.class);
  private final Map<PortCall, Fault> lasting = new EnumMap<>(PortCall.class);
  private final Map<PortCall, Integer> calls = new EnumMap<>(PortCall.class);
  private final Deque<Long> breakOffs = new ArrayDeque<>();

  Faults() {}

  /** The next such call is not carried out and answers no. */
  public void refuseNext(PortCall call, Refusal.Code code) {
    add(call, refusing(call, code));
  }

  /** Every such call answers no, until {@link #clear}. */
  public synchronized void refuseAll(PortCall call, Refusal.Code code) {
    lasting.put(call, refusing(call, code));
  }

  /** The next such call is not carried out and fails with what is no {@link Refusal}. */
  public void failNext(PortCall call) {
    add(call, failing(call));
  }

  /** The next such call is carried out, but its answer is lost on the way: it fails. */
  public void loseAnswerOfNext(PortCall call) {
    add(
        call,
        new Fault() {
          @Override
          public <T> CompletionStage<T> meet(Supplier<CompletionStage<T>> it) {
            return it.get().thenCompose(answer -> CompletableFuture.failedFuture(new Broken(call)));
          }
        });
  }

  /** The next such call is not carried out and never answers. */
  public void silenceNext(PortCall call) {
    add(
        call,
        new Fault() {
          @Override
          public <T> CompletionStage<T> meet(Supplier<CompletionStage<T>> it) {
            return new CompletableFuture<>();
          }
        });
  }

  /** The next such call is carried out only when it is released. */
  public Held holdNext(PortCall call) {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    add(
        call,
        new Fault() {
          @Override
          public <T> CompletionStage<T> meet(Supplier<CompletionStage<T>> it) {
            return gate.thenCompose(open -> it.get());
          }
        });
    return () -> gate.complete(null);
  }

  /** The next content read gives this many bytes and then fails. */
  public synchronized void breakOffNextRead(long afterBytes) {
    breakOffs.add(afterBytes);
  }

  /** All works again; calls that are held stay held. */
  public synchronized void clear() {
    faults.clear();
    lasting.clear();
    breakOffs.clear();
  }

  /** How many such calls there were so far, met by a fault or not. */
  public synchronized int calls(PortCall call) {
    return calls.getOrDefault(call, 0);
  }

  <T> CompletionStage<T> around(PortCall call, Supplier<CompletionStage<T>> it) {
    Optional<Fault> fault = take(call);
    return fault.isPresent() ? fault.get().meet(it) : it.get();
  }

  synchronized Optional<Long> takeBreakOff() {
    return Optional.ofNullable(breakOffs.poll());
  }

  private synchronized Optional<Fault> take(PortCall call) {
    calls.merge(call, 1, Integer::sum);
    Deque<Fault> next = faults.get(call);
    Fault fault = next == null ? null : next.poll();
    return Optional.ofNullable(fault == null ? lasting.get(call) : fault);
  }

  private synchronized void add(PortCall call, Fault fault) {
    faults.computeIfAbsent(call, c -> new ArrayDeque<>()).add(fault);
  }

  private static Fault refusing(PortCall call, Refusal.Code code) {
    return new Fault() {
      @Override
      public <T> CompletionStage<T> meet(Supplier<CompletionStage<T>> it) {
        return CompletableFuture.failedFuture(new Refusal(code, "refused by a test: " + call));
      }
    };
  }

  private static Fault failing(PortCall call) {
    return new Fault() {
      @Override
      public <T> CompletionStage<T> meet(Supplier<CompletionStage<T>> it) {
        return CompletableFuture.failedFuture(new Broken(call));
      }
    };
  }
}
