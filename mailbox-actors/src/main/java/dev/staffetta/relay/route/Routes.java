package dev.staffetta.relay.route;

import java.util.concurrent.CompletionStage;

/** Finds the way to a domain. */
public interface Routes {
  /**
   * The hops of a domain now; answers from a cache while the records' time to live lasts.
   *
   * @param domain lower-case; A-labels or U-labels, or an address literal with its brackets
   * @param requiresTls the message may not be sent in plain text (RFC 8689)
   * @return never fails: what goes wrong is a {@link Route.None}
   */
  CompletionStage<Route> find(String domain, boolean requiresTls);
}
