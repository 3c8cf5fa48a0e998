package dev.staffetta.wire;

/**
 * Ends a connection's stream with a reset instead of an orderly close, so that the client does not
 * take a part for the whole. Says why; carries no stack trace, since what was wrong is logged where
 * it is known.
 */
final class ConnectionAborted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConnectionAborted(String why) {
    super(why, null, false, false);
  }
}
