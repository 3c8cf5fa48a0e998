package dev.staffetta.store;

/**
 * A batch was not applied because one of its requirements did not hold: what the writer believes of
 * the store is out of date. Sending it again does not help. Carries no stack trace.
 */
public final class RequirementNotMetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int requirement;

  RequirementNotMetException(int requirement, String text) {
    super(text, null, false, false);
    this.requirement = requirement;
  }

  /** Which: the number of the requirement in the order in which they were added, from 0. */
  public int requirement() {
    return requirement;
  }
}
