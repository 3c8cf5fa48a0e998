package dev.staffetta.exchanger;

/**
 * What becomes of a message whose end has come.
 *
 * @param isKept whether it is kept, whatever is said
 * @param answer what is said; empty: nothing, and the connection is reset
 */
public record Ending(boolean isKept, String answer) {
  /** Kept, and said to be. */
  public static final Ending TAKEN = new Ending(true, "250 2.0.0 taken");
}
