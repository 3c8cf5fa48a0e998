package dev.staffetta.relay.route;

import java.util.concurrent.CompletionStage;
import org.xbill.DNS.Name;

/** Fetches the text of a domain's MTA-STS policy (RFC 8461 3.3). */
interface PolicyFetcher {
  /** Fails, with a message that says why, where there is none to be had. */
  CompletionStage<String> fetch(Name domain);
}
