package dev.staffetta.nemesis.relay;

import java.time.Duration;

/**
 * What is done in a run.
 *
 * @param messages submitted, evenly over the time of all kills
 * @param destinations domains, each with a server of its own
 * @param kills how often a node is killed
 * @param killEvery the time from one to the next
 * @param away how long destinations that go away stay away
 * @param forgetEvery the destinations forget one message in so many that they took, to see it
 *     missed; 0: none
 */
public record RelayPlan(
    int nodes,
    int messages,
    int destinations,
    int kills,
    Duration killEvery,
    Duration away,
    int forgetEvery,
    long seed) {
  /** How long messages are submitted. */
  Duration lasts() {
    return killEvery.multipliedBy(kills).plus(killEvery.dividedBy(2));
  }
}
