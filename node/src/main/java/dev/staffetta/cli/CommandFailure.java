package dev.staffetta.cli;

/** A command failed: one line says why and what to do. The exit code is 1. */
final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  CommandFailure(String line) {
    super(line);
  }

  CommandFailure(String line, Throwable cause) {
    super(line, cause);
  }
}
