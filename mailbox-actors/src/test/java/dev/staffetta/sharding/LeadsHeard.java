package dev.staffetta.sharding;

import org.apache.pekko.actor.typed.ActorSystem;

/** Tells nodes who leads, in the place of stores. */
public final class LeadsHeard {
  private LeadsHeard() {}

  /** A node hears that one leads a partition in a term. */
  public static void tell(ActorSystem<?> who, int partition, long term, String leader) {
    LeaderBoard.of(who).learn(new Leadership(partition, term, leader));
  }
}
