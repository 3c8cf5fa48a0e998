package dev.staffetta.nemesis.relay;

import java.util.List;

/**
 * What a history says.
 *
 * @param violations promises that were broken
 * @param waiting recipients of accepted mail that nothing was heard of yet
 * @param duplicates further copies that came
 */
record RelayVerdict(List<String> violations, List<String> waiting, Duplicates duplicates) {
  RelayVerdict {
    violations = List.copyOf(violations);
    waiting = List.copyOf(waiting);
  }

  /**
   * Why copies came more than once.
   *
   * @param dropped the destination kept the message and broke the connection before it said so
   * @param resubmitted the client had no answer and submitted again
   * @param killed the destination said 250, and the node was killed within a second
   * @param other the destination said 250, and no node was killed within a second
   */
  record Duplicates(int dropped, int resubmitted, int killed, int other) {}
}
