package dev.staffetta.relay.tlsrpt;

import dev.staffetta.smtp.client.TlsPolicy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How sessions went that one policy applied to.
 *
 * @param failures by their kind; those of kinds too many to keep are only in {@code failed}
 */
record PolicyResults(
    TlsPolicy policy, long succeeded, long failed, Map<SessionFailure, Long> failures) {
  PolicyResults {
    failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
  }
}
