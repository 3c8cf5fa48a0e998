package dev.staffetta.nemesis.history;

/**
 * What a client found wrong by itself: a reply that may not be, a command without an answer, a
 * session that ended.
 *
 * @param at nanoseconds since the history's start
 */
public record Complaint(long at, String client, String node, String what) {
  @Override
  public String toString() {
    return client + " at " + node + ", " + new Span(at, at) + ": " + what;
  }
}
