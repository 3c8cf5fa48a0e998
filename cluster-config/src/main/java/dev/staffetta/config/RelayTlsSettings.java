package dev.staffetta.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How connections to servers that DNS names are secured: the section {@code relay.tls}.
 *
 * @param policies by domain, lower-case; {@code .example.net}: all below it; {@code *}: all others
 * @param report empty: nothing is counted and nobody is told
 */
public record RelayTlsSettings(
    Map<String, Policy> policies, MtaSts mtaSts, Optional<Report> report) {
  /** What a connection's TLS must be. */
  public enum Mode {
    /** What DANE, MTA-STS, or else opportunism ask for. */
    AUTOMATIC,
    /** Plain text. */
    NONE,
    /** Whatever is offered. */
    OPPORTUNISTIC,
    /** TLS with any certificate. */
    REQUIRED,
    /** TLS with a certificate for one of the names. */
    VERIFIED
  }

  /**
   * For a destination.
   *
   * @param names that the certificate may have, for {@link Mode#VERIFIED}; empty: the MX host's
   */
  public record Policy(Mode mode, List<String> names) {
    public Policy {
      names = List.copyOf(names);
      if (!names.isEmpty() && mode != Mode.VERIFIED) {
        throw new IllegalArgumentException(
            "a policy with names must have mode = verified, not " + mode);
      }
    }
  }

  /**
   * Policies that domains publish (RFC 8461): the section {@code mta-sts}.
   *
   * @param timeout of fetching a policy, all in all
   * @param retryAfter when it could not be fetched
   * @param cacheSize policies kept
   */
  public record MtaSts(boolean enabled, Duration timeout, Duration retryAfter, int cacheSize) {
    public MtaSts {
      if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofMinutes(2)) > 0) {
        throw new IllegalArgumentException("must be from 1ms to 2m, not " + timeout);
      }
      if (retryAfter.toMillis() < 1) {
        throw new IllegalArgumentException("must be at least 1ms, not " + retryAfter);
      }
      if (cacheSize < 1) {
        throw new IllegalArgumentException("must be at least 1 policy, not " + cacheSize);
      }
    }
  }

  /**
   * Reports to other domains (RFC 8460): the section {@code report}.
   *
   * @param organization that sends the mail
   * @param contact for questions: an address
   * @param from address that reports come from; of the same domain, which signs them (RFC 8460 3)
   */
  public record Report(String organization, String contact, String from) {
    private static final Pattern ADDRESS =
        Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+");

    public Report {
      if (organization.isEmpty() || contact.isEmpty() || from.isEmpty()) {
        throw new IllegalArgumentException("needs organization, contact and from, or none of them");
      }
      for (String address : List.of(contact, from)) {
        if (!ADDRESS.matcher(address).matches()) {
          throw new IllegalArgumentException(
              "contact and from must be addresses such as tls-reports@example.com, not '"
                  + address
                  + "'");
        }
      }
      if (!domain(contact).equals(domain(from))) {
        throw new IllegalArgumentException(
            "contact and from must be of one domain (RFC 8460 5.3), not "
                + domain(contact)
                + " and "
                + domain(from));
      }
    }

    /** The domain that reports are of: what it says of itself, and signs. */
    public String submitter() {
      return domain(from);
    }

    private static String domain(String address) {
      return address.substring(address.indexOf('@') + 1).toLowerCase(Locale.ROOT);
    }
  }

  public RelayTlsSettings {
    policies = Map.copyOf(policies);
  }

  /** Reads the section. */
  static RelayTlsSettings from(Config section) {
    Config mtaSts = section.getConfig("mta-sts");
    return new RelayTlsSettings(
        policies(section.getObject("policies")),
        new MtaSts(
            mtaSts.getBoolean("enabled"),
            mtaSts.getDuration("timeout"),
            mtaSts.getDuration("retry-after"),
            mtaSts.getInt("cache-size")),
        report(section.getConfig("report")));
  }

  private static Optional<Report> report(Config section) {
    String organization = section.getString("organization");
    String contact = section.getString("contact");
    String from = section.getString("from");
    return (organization + contact + from).isEmpty()
        ? Optional.empty()
        : Optional.of(new Report(organization, contact, from));
  }

  private static Map<String, Policy> policies(ConfigObject section) {
    Map<String, Policy> policies = new TreeMap<>();
    KeyedSections.of(section, "policy", "mode, names")
        .forEach(
            (domain, policy) ->
                policies.put(
                    domain,
                    new Policy(
                        KeyedSections.choice(policy, "mode", Mode.AUTOMATIC),
                        policy.hasPath("names") ? policy.getStringList("names") : List.of())));
    return policies;
  }
}
