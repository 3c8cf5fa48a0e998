package dev.staffetta.admin;

/** What an administrator may want of a node. */
public enum NodeChange {
  /** That it leads nothing and takes no connections; its replicas stay. */
  DRAIN,
  /** That it takes part again. */
  RESUME,
  /** That its replicas are rebuilt elsewhere, and it goes. */
  REMOVE
}
