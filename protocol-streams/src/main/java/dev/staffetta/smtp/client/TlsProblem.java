package dev.staffetta.smtp.client;

/** Why a connection has not the TLS that it should have, as reports tell it (RFC 8460 4.3). */
public enum TlsProblem {
  STARTTLS_NOT_SUPPORTED,
  CERTIFICATE_HOST_MISMATCH,
  CERTIFICATE_EXPIRED,
  CERTIFICATE_NOT_TRUSTED,
  /** Anything else: no handshake, no certificate that a TLSA record names. */
  VALIDATION_FAILURE
}
