package dev.staffetta.smtp;

/** The farewell is said. Whatever still comes, answers of effects or commands, is nobody's. */
record Closed() implements SmtpPhase {
  @Override
  public void timedOut(Turn turn) {}

  @Override
  public void stopping(Turn turn) {}

  @Override
  public void outOfPlace(Turn turn) {}
}
