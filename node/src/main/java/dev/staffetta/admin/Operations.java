package dev.staffetta.admin;

import java.util.concurrent.CompletionStage;

/** What the admin API asks of the node that it runs in. */
public interface Operations {
  /** How the cluster stands. */
  CompletionStage<ClusterStatus> status();

  /** Whether the node takes mail: its store is there and its listeners are open. */
  boolean isReady();

  /**
   * Reads the certificate's files again; new connections get the new one.
   *
   * @return a sentence that says which certificate it is now
   */
  CompletionStage<String> reloadTls();
}
