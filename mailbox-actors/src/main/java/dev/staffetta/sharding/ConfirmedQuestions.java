package dev.staffetta.sharding;

import dev.staffetta.ports.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Questions to an entity which are answered once it is sure that its state is what the store has:
 * an entity that was left behind, because its node was cut off or the partition moved, must not
 * tell what was true before. Questions that come while the store is being asked wait for the next
 * round and share it, so a busy entity asks seldom.
 *
 * <p>Belongs to one entity's actor; used on its thread only.
 *
 * @param <Q> the questions
 */
public final class ConfirmedQuestions<Q extends EntityMessage> {
  private final Runnable askStore;
  private List<Q> asked = List.of();
  private List<Q> waiting = new ArrayList<>();

  /**
   * @param storeSaid the command by which the entity is told what the store has: the sequence
   *     number of its last change, or that nobody can say. It gives it to {@link #storeSaid}
   */
  public <M> ConfirmedQuestions(
      ActorContext<M> context, Place<M> place, Function<OptionalLong, M> storeSaid) {
    this.askStore =
        () ->
            context.pipeToSelf(
                place.lastChange(),
                (number, failure) ->
                    storeSaid.apply(
                        failure == null ? OptionalLong.of(number) : OptionalLong.empty()));
  }

  /** Has a question wait. */
  public void add(Q question) {
    waiting.add(question);
    askUnlessAsked();
  }

  private void askUnlessAsked() {
    if (asked.isEmpty() && !waiting.isEmpty()) {
      asked = waiting;
      waiting = new ArrayList<>();
      askStore.run();
    }
  }

  /**
   * The store has answered.
   *
   * @param last change that it has; empty: nobody can say
   * @param mine the entity's own last change
   * @return whether the entity's state is the current one; if not, the questions are refused, and
   *     the entity has to go
   */
  public boolean storeSaid(OptionalLong last, long mine, Consumer<Q> answer) {
    if (last.isEmpty() || last.getAsLong() > mine) {
      refuseAll();
      return false;
    }
    List<Q> confirmed = asked;
    asked = List.of();
    confirmed.forEach(answer);
    askUnlessAsked();
    return true;
  }

  public boolean isEmpty() {
    return asked.isEmpty() && waiting.isEmpty();
  }

  /** The entity ends, or cannot be sure: whoever asked may ask again. */
  public void refuseAll() {
    List<Q> all = new ArrayList<>(asked);
    all.addAll(waiting);
    asked = List.of();
    waiting = new ArrayList<>();
    all.forEach(
        question ->
            question.refuse(Refusal.Code.UNAVAILABLE, "temporarily unavailable, try again later"));
  }
}
