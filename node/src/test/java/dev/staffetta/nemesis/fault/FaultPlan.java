package dev.staffetta.nemesis.fault;

import dev.staffetta.nemesis.fault.Fault.CutPair;
import dev.staffetta.nemesis.fault.Fault.FillDisk;
import dev.staffetta.nemesis.fault.Fault.Isolate;
import dev.staffetta.nemesis.fault.Fault.Kill;
import dev.staffetta.nemesis.fault.Fault.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What is done next, by the dice.
 *
 * @param fault what
 * @param before how long all is left alone first
 * @param lasts how long until it is undone
 */
public record FaultPlan(Fault fault, Duration before, Duration lasts) {
  /**
   * Throws the dice.
   *
   * @param nodes all of them
   * @param leaders those that lead something, which are worth more; perhaps none is known
   * @param kinds to choose from, at least one
   */
  public static FaultPlan random(
      Random dice, List<Integer> nodes, Collection<Integer> leaders, List<FaultKind> kinds) {
    FaultKind kind = kinds.get(dice.nextInt(kinds.size()));
    List<Integer> worth = leaders.isEmpty() || dice.nextInt(3) == 0 ? nodes : List.copyOf(leaders);
    List<Integer> one = List.of(worth.get(dice.nextInt(worth.size())));
    Duration before = millis(500, 3_000, dice);
    return switch (kind) {
      case KILL -> new FaultPlan(new Kill(one), before, millis(100, 8_000, dice));
      case STOP -> new FaultPlan(new Stop(one), before, millis(500, 12_000, dice));
      case CUT -> new FaultPlan(cut(nodes, one, dice), before, millis(2_000, 20_000, dice));
      case DISK ->
          new FaultPlan(new FillDisk(one, dice.nextBoolean()), before, millis(3_000, 9_000, dice));
      case RESTART -> new FaultPlan(new Kill(nodes), before, millis(100, 2_000, dice));
    };
  }

  private static Fault cut(List<Integer> nodes, List<Integer> one, Random dice) {
    boolean forgets = dice.nextBoolean();
    if (nodes.size() > 2 && dice.nextInt(4) == 0) {
      List<Integer> two = new ArrayList<>(nodes);
      Collections.shuffle(two, dice);
      return new CutPair(List.copyOf(two.subList(0, 2)), forgets);
    }
    return new Isolate(one, dice.nextInt(4) != 0, forgets);
  }

  private static Duration millis(int least, int most, Random dice) {
    return Duration.ofMillis(least + dice.nextInt(most - least));
  }
}
