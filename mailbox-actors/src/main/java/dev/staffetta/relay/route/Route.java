package dev.staffetta.relay.route;

import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.RemoteReply;
import java.util.List;

/** The way to a domain. */
public sealed interface Route {
  /**
   * Hops to try one after the other.
   *
   * @param key the same for all domains that are served by the same hosts: what is limited together
   * @param hops at least one; preferences and order of addresses are applied
   */
  record Hops(String key, List<Hop> hops) implements Route {
    public Hops {
      hops = List.copyOf(hops);
    }
  }

  /**
   * There is none.
   *
   * @param reply code 0, with the status code and words for a report; temporary: ask again later
   */
  record None(RemoteReply reply) implements Route {}
}
