package dev.staffetta.cluster;

/** A node cannot get into its cluster: one line says why, and what to do. */
public final class CannotJoinException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean isWorthAnother;

  CannotJoinException(String line) {
    this(line, false);
  }

  /**
   * @param isWorthAnother whether it may get in if it begins again from the start
   */
  CannotJoinException(String line, boolean isWorthAnother) {
    super(line);
    this.isWorthAnother = isWorthAnother;
  }

  /** Whether nothing is wrong but that the cluster lost sight of it on its way in. */
  public boolean isWorthAnother() {
    return isWorthAnother;
  }
}
