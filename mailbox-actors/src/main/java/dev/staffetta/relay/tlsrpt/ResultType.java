package dev.staffetta.relay.tlsrpt;

import dev.staffetta.smtp.client.TlsProblem;
import java.util.Locale;

/** What went wrong with a session (RFC 8460 4.3). */
public enum ResultType {
  STARTTLS_NOT_SUPPORTED,
  CERTIFICATE_HOST_MISMATCH,
  CERTIFICATE_EXPIRED,
  CERTIFICATE_NOT_TRUSTED,
  VALIDATION_FAILURE,
  /** None of the TLSA records is of a kind that can be used. */
  TLSA_INVALID,
  /** The TLSA records could not be had, or were not genuine. */
  DNSSEC_INVALID,
  STS_POLICY_FETCH_ERROR,
  STS_POLICY_INVALID,
  /** The policy's web server has no good certificate. */
  STS_WEBPKI_INVALID;

  static ResultType of(TlsProblem problem) {
    return switch (problem) {
      case STARTTLS_NOT_SUPPORTED -> STARTTLS_NOT_SUPPORTED;
      case CERTIFICATE_HOST_MISMATCH -> CERTIFICATE_HOST_MISMATCH;
      case CERTIFICATE_EXPIRED -> CERTIFICATE_EXPIRED;
      case CERTIFICATE_NOT_TRUSTED -> CERTIFICATE_NOT_TRUSTED;
      case VALIDATION_FAILURE -> VALIDATION_FAILURE;
    };
  }

  /** Its name in a report. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
