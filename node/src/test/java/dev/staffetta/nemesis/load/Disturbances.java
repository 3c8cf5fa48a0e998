package dev.staffetta.nemesis.load;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When something was done to which node, so that a client knows whether its session may have ended.
 * Any thread may ask and tell.
 */
public final class Disturbances {
  private record Time(long from, long to) {}

  private final Map<String, List<Time>> times = new HashMap<>();
  private final Map<String, Long> open = new HashMap<>();

  /** From now on this node may do what a disturbed one does. */
  public synchronized void begin(String node, long now) {
    open.putIfAbsent(node, now);
  }

  /** From then on it must be well again. */
  public synchronized void end(String node, long then) {
    Long from = open.remove(node);
    if (from != null) {
      times.computeIfAbsent(node, n -> new ArrayList<>()).add(new Time(from, then));
    }
  }

  /** Whether any of these is disturbed now, or not well again yet. */
  public synchronized boolean areAny(Collection<String> nodes, long now) {
    return nodes.stream().anyMatch(node -> excuse(node, now, now));
  }

  /** Whether the node was disturbed at any moment from then to now. */
  public synchronized boolean excuse(String node, long from, long now) {
    return open.containsKey(node)
        || times.getOrDefault(node, List.of()).stream()
            .anyMatch(t -> t.from() <= now && t.to() >= from);
  }
}
