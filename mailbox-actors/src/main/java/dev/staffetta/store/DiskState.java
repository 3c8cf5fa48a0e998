package dev.staffetta.store;

/** How much room there is, by the marks of the settings. */
public enum DiskState {
  /** Enough. */
  ROOMY,
  /** Below the first mark: only what makes room is written. */
  NEARLY_FULL,
  /** Below the second: the node must stop. */
  FULL
}
