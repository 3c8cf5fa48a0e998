package dev.staffetta.relay;

import java.util.concurrent.CompletionStage;

/** Tells senders what became of their mail. */
public interface Reports {
  /**
   * Sends a report to those who asked for one; completes when it is durable, or when there is
   * nobody to tell. A repeat is known again and sends nothing.
   */
  CompletionStage<Void> send(Report report);
}
