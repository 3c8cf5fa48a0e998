package dev.staffetta.nemesis.fault;

/** The words of {@code --faults}. */
public enum FaultKind {
  KILL,
  STOP,
  CUT,
  DISK,
  RESTART
}
