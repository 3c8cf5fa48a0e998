package dev.staffetta.smtp.client;

import java.util.List;

/**
 * Whose word it is what the TLS of a connection must be: what sessions are counted under for
 * reports (RFC 8460 4.4).
 *
 * @param domain that the mail is for
 * @param lines of the policy, in its own form: fields of MTA-STS, data of TLSA records
 * @param mxHosts patterns that an MTA-STS policy names
 */
public record TlsPolicy(String domain, Type type, List<String> lines, List<String> mxHosts) {
  /** Of what kind the policy is. */
  public enum Type {
    TLSA("tlsa"),
    STS("sts"),
    NO_POLICY_FOUND("no-policy-found");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** Its name in a report. */
    public String text() {
      return text;
    }
  }

  public TlsPolicy {
    lines = List.copyOf(lines);
    mxHosts = List.copyOf(mxHosts);
  }

  /** Of a domain that publishes none. */
  public static TlsPolicy none(String domain) {
    return new TlsPolicy(domain, Type.NO_POLICY_FOUND, List.of(), List.of());
  }
}
