package dev.staffetta.nemesis;

import dev.staffetta.nemesis.history.Violation;
import java.io.IOException;
import java.util.List;

/** A play on a {@link Stage} of its own. */
interface Scenario extends AutoCloseable {
  /** Plays it to its end; the promises that were broken. */
  List<Violation> run() throws IOException, InterruptedException;

  /** Tells of them. */
  void report(List<Violation> violations);

  @Override
  void close() throws IOException, InterruptedException;
}
