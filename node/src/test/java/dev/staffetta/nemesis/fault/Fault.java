package dev.staffetta.nemesis.fault;

import java.time.Duration;
import java.util.List;

/** Something done to a cluster that is undone after a while. */
public sealed interface Fault {
  /** The nodes whose sessions may end by it. */
  List<Integer> nodes();

  /** SIGKILL; started again after. */
  record Kill(List<Integer> nodes) implements Fault {}

  /** SIGSTOP, as a machine that hangs; SIGCONT after. */
  record Stop(List<Integer> nodes) implements Fault {}

  /**
   * Nothing passes between these nodes and the others.
   *
   * @param bothWays otherwise only what these send is held up
   * @param forgets whether what is on its way is lost in the end
   */
  record Isolate(List<Integer> nodes, boolean bothWays, boolean forgets) implements Fault {}

  /**
   * Cut off from all others in both directions, and it stands still; it goes on, still cut off,
   * when the others have had time to do without it, and believes what it believed.
   *
   * @param standsStill for so long
   * @param forgets whether what is on its way is lost in the end
   */
  record Strand(List<Integer> nodes, Duration standsStill, boolean forgets) implements Fault {}

  /** Nothing passes between these two; all others reach both. */
  record CutPair(List<Integer> nodes, boolean forgets) implements Fault {}

  /**
   * The disk fills up; room is made after.
   *
   * @param untilItStops so far that the node must stop by itself; otherwise it refuses mail
   */
  record FillDisk(List<Integer> nodes, boolean untilItStops) implements Fault {}
}
