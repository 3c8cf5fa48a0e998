package dev.staffetta.placement;

/** What the administrator wants of a node. */
public enum NodeState {
  /** It takes its share of replicas and leaders. */
  JOINED,
  /** It leads nothing and gets no further replicas; those it has stay. */
  DRAINING,
  /** Its replicas are being rebuilt elsewhere. */
  REMOVING,
  /** It has no replicas and gets none. */
  REMOVED;

  /** Whether replicas may stay there. */
  boolean keepsReplicas() {
    return this == JOINED || this == DRAINING;
  }
}
