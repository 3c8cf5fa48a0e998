package dev.staffetta.cli;

import java.util.concurrent.Callable;

/**
 * Runs a command that lasts until a signal: then it is stopped in order, and the exit code is 0,
 * since being stopped is what it was asked for. A command that ends by itself keeps its own.
 */
final class OrderlyEnd {
  private volatile boolean hasReturned;

  /**
   * Runs it.
   *
   * @param stop called on a signal and at the end; waits until all has stopped; may be called twice
   */
  int run(Callable<Integer> command, Runnable stop) throws Exception {
    Thread onSignal =
        new Thread(
            () -> {
              boolean isSignal = !hasReturned;
              stop.run();
              if (isSignal) {
                Runtime.getRuntime().halt(Staffetta.DONE);
              }
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      return command.call();
    } finally {
      hasReturned = true;
      stop.run();
    }
  }
}
