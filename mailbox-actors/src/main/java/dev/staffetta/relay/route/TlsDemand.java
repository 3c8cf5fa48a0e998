package dev.staffetta.relay.route;

/** What a message says about TLS on its way. */
enum TlsDemand {
  /** Nothing: it is as the domain publishes and the settings say. */
  AS_PUBLISHED,
  /** It may not be sent without, nor to an unknown server (REQUIRETLS, RFC 8689 4.2.1). */
  VERIFIED,
  /** It is to arrive, with or without (RFC 8689 4.2.2, TLS-Required: No). */
  NONE
}
