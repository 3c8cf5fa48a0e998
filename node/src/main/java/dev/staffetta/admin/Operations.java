package dev.staffetta.admin;

import java.util.concurrent.CompletionStage;

/** What the admin API asks of the node that it runs in. */
public interface Operations {
  /** How the cluster stands. */
  CompletionStage<ClusterStatus> status();

  /**
   * Wants something else of a node of the cluster.
   *
   * @param force also where fewer replicas are left than there should be
   * @return a line that says what is being done; fails with a refusal that says why not
   */
  CompletionStage<String> changeNode(String name, NodeChange change, boolean force);

  /** Whether the node takes mail: its store is there and its listeners are open. */
  boolean isReady();

  /**
   * Reads the certificate's files again; new connections get the new one.
   *
   * @return a sentence that says which certificate it is now
   */
  CompletionStage<String> reloadTls();
}
