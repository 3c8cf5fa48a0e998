package dev.staffetta.cluster;

/** A node cannot get into its cluster: one line says why, and what to do. */
public final class CannotJoinException extends Exception {
  private static final long serialVersionUID = 1L;

  CannotJoinException(String line) {
    super(line);
  }
}
