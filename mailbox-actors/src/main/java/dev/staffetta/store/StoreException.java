package dev.staffetta.store;

/**
 * The store cannot be opened, or can no longer be used. The message is one line for the operator.
 */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
