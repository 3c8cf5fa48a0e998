package dev.staffetta.relay;

import dev.staffetta.ports.SpooledMessage;
import java.util.concurrent.CompletionStage;

/** Takes mail for other domains. */
public interface RelayQueues {
  /**
   * Accepts a message for one destination; completes when it is durable on a majority. A repeat
   * with the same content id and destination does nothing.
   */
  CompletionStage<Void> accept(Outbound mail, SpooledMessage message);
}
