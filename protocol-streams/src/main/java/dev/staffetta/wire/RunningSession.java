package dev.staffetta.wire;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** A connection under way, seen from outside. All methods may be called from any thread. */
public interface RunningSession {
  /**
   * Says farewell by the protocol's {@link Protocol#shutdown} and closes, as soon as no effect is
   * under way: a message that is being placed gets its answer first. Once is enough.
   */
  void shutdown();

  /** Resets the connection now. */
  void abort();

  /**
   * Completes when the connection is gone, however it ended, and the session has released what it
   * held. Never fails.
   */
  CompletionStage<Done> ended();
}
