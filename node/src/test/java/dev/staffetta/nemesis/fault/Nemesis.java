package dev.staffetta.nemesis.fault;

import dev.staffetta.nemesis.fault.Fault.CutPair;
import dev.staffetta.nemesis.fault.Fault.FillDisk;
import dev.staffetta.nemesis.fault.Fault.Isolate;
import dev.staffetta.nemesis.fault.Fault.Kill;
import dev.staffetta.nemesis.fault.Fault.Stop;
import dev.staffetta.nemesis.fault.Fault.Strand;
import dev.staffetta.nemesis.history.Isolation;
import dev.staffetta.nemesis.history.Span;
import dev.staffetta.nemesis.load.Disturbances;
import dev.staffetta.nemesis.load.Recorder;
import dev.staffetta.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Does faults to a cluster and undoes them, and notes whose sessions may end by it. */
public final class Nemesis {
  /** A node that was stopped or cut off may yet find that it was given up, and join again. */
  private static final Duration FINDS_OUT_WITHIN = Duration.ofSeconds(20);

  /** One that was started is well when it greets, or a moment later. */
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(3);

  private static final Duration STOPS_BY_ITSELF = Duration.ofSeconds(20);

  private final Cluster cluster;
  private final Recorder recorder;
  private final Disturbances disturbances;

  public Nemesis(Cluster cluster, Recorder recorder, Disturbances disturbances) {
    this.cluster = cluster;
    this.recorder = recorder;
    this.disturbances = disturbances;
  }

  /** Waits, does it, waits, undoes it. */
  public void carryOut(FaultPlan plan) throws IOException, InterruptedException {
    Thread.sleep(plan.before().toMillis());
    Fault fault = plan.fault();
    long began = recorder.now();
    List<String> disturbed = disturbed(fault, began);
    disturbed.forEach(node -> disturbances.begin(node, began));
    strike(fault);
    Thread.sleep(plan.lasts().toMillis());
    if (fault instanceof Isolate isolate && isolate.bothWays()) {
      noteIsolation(isolate.nodes(), isolate.forgets(), new Span(began, recorder.now()));
    } else if (fault instanceof Strand strand) {
      noteIsolation(strand.nodes(), strand.forgets(), new Span(began, recorder.now()));
    }
    undo(fault);
    boolean isStarted = fault instanceof Kill || fault instanceof FillDisk;
    Duration aftermath = isStarted ? STARTS_WITHIN : FINDS_OUT_WITHIN;
    long then = recorder.now() + aftermath.toNanos();
    disturbed.forEach(node -> disturbances.end(node, then));
  }

  /** All, when another node is not well yet: then there may be no majority for a while. */
  private List<String> disturbed(Fault fault, long now) {
    List<String> others =
        new ArrayList<>(cluster.numbers().stream().map(number -> "node" + number).toList());
    List<String> struck = fault.nodes().stream().map(number -> "node" + number).toList();
    others.removeAll(struck);
    boolean isAlone = !disturbances.areAny(others, now);
    return isAlone ? struck : cluster.numbers().stream().map(number -> "node" + number).toList();
  }

  private void noteIsolation(List<Integer> nodes, boolean forgets, Span span) {
    Set<String> names = nodes.stream().map(n -> "node" + n).collect(Collectors.toSet());
    if (2 * names.size() < cluster.numbers().size()) {
      recorder.add(new Isolation(names, span, forgets));
    }
  }

  private void strike(Fault fault) throws IOException, InterruptedException {
    if (fault instanceof Kill kill) {
      for (int node : kill.nodes()) {
        cluster.process(node).kill();
      }
    } else if (fault instanceof Stop stop) {
      for (int node : stop.nodes()) {
        cluster.process(node).signal("STOP");
      }
    } else if (fault instanceof Isolate isolate) {
      cluster.cut(isolate.nodes(), others(isolate), isolate.bothWays());
    } else if (fault instanceof Strand strand) {
      cluster.cut(strand.nodes(), others(strand), true);
      strike(new Stop(strand.nodes()));
      Thread.sleep(strand.standsStill().toMillis());
      undo(new Stop(strand.nodes()));
    } else if (fault instanceof CutPair pair) {
      cluster.cut(pair.nodes().subList(0, 1), pair.nodes().subList(1, 2), true);
    } else if (fault instanceof FillDisk fill) {
      for (int node : fill.nodes()) {
        cluster.fillDisk(node, fill.untilItStops());
      }
    }
  }

  private List<Integer> others(Fault fault) {
    Set<Integer> others = new HashSet<>(cluster.numbers());
    fault.nodes().forEach(others::remove);
    return List.copyOf(others);
  }

  private void undo(Fault fault) throws IOException, InterruptedException {
    if (fault instanceof Kill kill) {
      for (int node : kill.nodes()) {
        cluster.process(node).launch();
      }
      for (int node : kill.nodes()) {
        awaitGreeting(node);
      }
    } else if (fault instanceof Stop stop) {
      for (int node : stop.nodes()) {
        cluster.process(node).signal("CONT");
      }
    } else if (fault instanceof Isolate isolate) {
      cluster.healLinks(isolate.forgets());
    } else if (fault instanceof Strand strand) {
      cluster.healLinks(strand.forgets());
    } else if (fault instanceof CutPair pair) {
      cluster.healLinks(pair.forgets());
    } else if (fault instanceof FillDisk fill) {
      for (int node : fill.nodes()) {
        makeRoom(node, fill.untilItStops());
      }
    }
  }

  private void makeRoom(int node, boolean hasToStop) throws IOException, InterruptedException {
    ServerProcess process = cluster.process(node);
    if (hasToStop && !process.awaitEnd(STOPS_BY_ITSELF)) {
      recorder.complain("the nemesis", "node" + node, "does not stop though its disk is full");
    }
    cluster.clearDisk(node);
    if (!process.isAlive()) {
      process.launch();
      awaitGreeting(node);
    }
  }

  private void awaitGreeting(int node) throws InterruptedException {
    try {
      cluster.process(node).awaitGreeting();
    } catch (IOException doesNot) {
      String why = doesNot.getMessage().lines().findFirst().orElse("");
      recorder.complain("the nemesis", "node" + node, "does not come back: " + why);
    }
  }

  /** Complains of every node that does not become ready, and of every one that has ended. */
  public void expectAllReady(Duration limit) throws InterruptedException {
    cluster
        .awaitReady(limit)
        .forEach(name -> recorder.complain("the nemesis", name, "is not ready after " + limit));
    cluster.numbers().stream()
        .filter(number -> !cluster.process(number).isAlive())
        .forEach(n -> recorder.complain("the nemesis", "node" + n, "its process ended by itself"));
  }
}
