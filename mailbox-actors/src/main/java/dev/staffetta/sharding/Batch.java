package dev.staffetta.sharding;

import dev.staffetta.journal.MakesRoom;
import dev.staffetta.ports.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Commands that are decided one after the other, each on what those before it made of the state,
 * and written as one. Belongs to one entity's actor; used on its thread only.
 */
public final class Batch<S, C extends MakesRoom, X> {
  private final X context;
  private final BooleanSupplier hasRoom;
  private final Application<S, C> application;
  private final List<DecidedCommand<S, C, X, ?>> commands = new ArrayList<>();
  private final List<C> changes = new ArrayList<>();
  private final List<Runnable> answers = new ArrayList<>();
  private S state;
  private int weightInBytes;

  /** How a change changes a state. */
  @FunctionalInterface
  public interface Application<S, C> {
    S apply(S state, C change);
  }

  /**
   * An empty batch that starts from a state.
   *
   * @param hasRoom whether the disk has room; if not, a command that adds to it is refused, so that
   *     no entity has to end over a write that the store refuses
   */
  public Batch(S state, X context, BooleanSupplier hasRoom, Application<S, C> application) {
    this.state = state;
    this.context = context;
    this.hasRoom = hasRoom;
    this.application = application;
  }

  /** Decides a command; empty: its answer comes later. */
  public <R> Optional<Answer<R>> take(DecidedCommand<S, C, X, R> command) {
    commands.add(command);
    weightInBytes += command.weightInBytes();
    Decision<C, R> decision = decide(command);
    for (C change : decision.changes()) {
      state = application.apply(state, change);
      changes.add(change);
    }
    decision.answer().ifPresent(answer -> answers.add(() -> command.replyTo().tell(answer)));
    return decision.answer();
  }

  private <R> Decision<C, R> decide(DecidedCommand<S, C, X, R> command) {
    try {
      Decision<C, R> decision = command.decide(state, context);
      if (!hasRoom.getAsBoolean() && !decision.changes().stream().allMatch(MakesRoom::makesRoom)) {
        throw new Refusal(Refusal.Code.UNAVAILABLE, "the disk is nearly full");
      }
      return decision;
    } catch (Refusal refusal) {
      return new Decision<>(List.of(), Optional.of(Answer.refused(refusal)));
    }
  }

  /** Does this too once all is written. */
  public void afterwards(Runnable action) {
    answers.add(action);
  }

  /** The state after the commands so far. */
  public S state() {
    return state;
  }

  /** What is to be written. */
  public List<C> changes() {
    return changes;
  }

  /** The commands taken. */
  public List<DecidedCommand<S, C, X, ?>> commands() {
    return commands;
  }

  /** About how much is to be written. */
  public int weightInBytes() {
    return weightInBytes;
  }

  /** All is written: answers every command that has an answer. */
  public void answer() {
    answers.forEach(Runnable::run);
  }

  /** It could not be written, or nobody knows: tells every command so. */
  public void refuse() {
    for (DecidedCommand<S, C, X, ?> command : commands) {
      refuse(command);
    }
  }

  /** Tells a command that it may be sent again. */
  public static <R> void refuse(DecidedCommand<?, ?, ?, R> command) {
    command.replyTo().tell(Answer.unavailable());
  }
}
