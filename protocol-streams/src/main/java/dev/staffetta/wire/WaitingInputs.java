package dev.staffetta.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The inputs of one session's machine that came and were not given to it yet, in their order:
 * answers of effects, and events. Belongs to the session's stage; used on its thread only.
 */
final class WaitingInputs<I> {
  /** So many events may wait for a client that does not take what it is sent. */
  static final int MAX_EVENTS = 1_000;

  private record Waiting<I>(I input, boolean isEvent) {}

  /** Makes one event of two, if it can. */
  @FunctionalInterface
  interface Coalescing<I> {
    Optional<I> coalesce(I earlier, I later);
  }

  private final Coalescing<I> coalescing;
  private final Deque<Waiting<I>> waiting = new ArrayDeque<>();
  private int events;
  private int effectsUnderWay;

  WaitingInputs(Coalescing<I> coalescing) {
    this.coalescing = coalescing;
  }

  /** An effect was started: it is under way until its answer has been taken. */
  void effectStarted() {
    effectsUnderWay++;
  }

  boolean areEffectsUnderWay() {
    return effectsUnderWay > 0;
  }

  /** An effect's answer came. */
  void answered(I input) {
    waiting.add(new Waiting<>(input, false));
  }

  /** An event came; false: too many wait already, and it is lost. */
  boolean happened(I event) {
    if (!waiting.isEmpty() && waiting.getLast().isEvent()) {
      Optional<I> both = coalescing.coalesce(waiting.getLast().input(), event);
      if (both.isPresent()) {
        waiting.removeLast();
        waiting.add(new Waiting<>(both.get(), true));
        return true;
      }
    }
    if (events == MAX_EVENTS) {
      return false;
    }
    events++;
    waiting.add(new Waiting<>(event, true));
    return true;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Takes the oldest. */
  Optional<I> next() {
    Waiting<I> next = waiting.poll();
    if (next == null) {
      return Optional.empty();
    }
    if (next.isEvent()) {
      events--;
    } else {
      effectsUnderWay--;
    }
    return Optional.of(next.input());
  }
}
