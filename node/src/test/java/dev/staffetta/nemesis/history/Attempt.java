package dev.staffetta.nemesis.history;

/**
 * Who asked where and when, and what became of it.
 *
 * @param client its name
 * @param node that the client was connected to
 */
public record Attempt(String client, String node, Span span, Outcome outcome) {
  public boolean isDone() {
    return outcome == Outcome.DONE;
  }

  /** Whether it can have had an effect. */
  public boolean isPossible() {
    return outcome != Outcome.REFUSED;
  }

  /** When its effect is there for certain. */
  long effectiveAt() {
    return isDone() ? span.ended() : Span.NEVER;
  }

  Attempt withOutcome(Outcome other) {
    return new Attempt(client, node, span, other);
  }

  @Override
  public String toString() {
    return outcome + " for " + client + " at " + node + ", " + span;
  }
}
