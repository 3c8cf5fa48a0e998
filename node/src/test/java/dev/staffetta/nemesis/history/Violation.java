package dev.staffetta.nemesis.history;

import java.util.List;

/**
 * A promise that is broken.
 *
 * @param promise which
 * @param what in a sentence
 * @param involved the operations that it is about
 */
public record Violation(String promise, String what, List<Operation> involved) {
  public Violation {
    involved = List.copyOf(involved);
  }

  /** Whether it may be over in a moment: a move that was cut off amid is finished later. */
  public boolean maySettle() {
    return promise.equals(CountChecks.MOVES);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(promise).append(": ").append(what);
    involved.forEach(operation -> text.append("\n    ").append(operation));
    return text.toString();
  }
}
