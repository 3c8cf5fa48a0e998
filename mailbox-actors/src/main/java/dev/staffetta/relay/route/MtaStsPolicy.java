package dev.staffetta.relay.route;

import dev.staffetta.smtp.client.TlsPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;

/**
 * What a domain wants of those who send to it (RFC 8461 3.2).
 *
 * @param patterns of MX hosts, lower-case; {@code *.example.net}: one label and the rest
 */
record MtaStsPolicy(Mode mode, List<String> patterns, Duration maxAge) {
  private static final long MAX_AGE_IN_SECONDS = 31_557_600;

  /** How much it is meant. */
  enum Mode {
    ENFORCE,
    TESTING,
    NONE
  }

  MtaStsPolicy {
    patterns = List.copyOf(patterns);
  }

  /** What its text says; empty: it is not one. */
  static Optional<MtaStsPolicy> parse(String text) {
    Map<String, String> fields = new HashMap<>();
    List<String> patterns = new ArrayList<>();
    for (String line : text.split("\r?\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).strip();
        String value = line.substring(colon + 1).strip();
        if (name.equals("mx")) {
          patterns.add(value.toLowerCase(Locale.ROOT));
        } else {
          fields.putIfAbsent(name, value);
        }
      }
    }
    Optional<Mode> mode = mode(fields.getOrDefault("mode", ""));
    String maxAge = fields.getOrDefault("max_age", "");
    boolean isSound =
        fields.getOrDefault("version", "").equals("STSv1")
            && mode.isPresent()
            && maxAge.matches("[0-9]{1,10}")
            && (mode.get() == Mode.NONE || !patterns.isEmpty());
    return isSound
        ? Optional.of(
            new MtaStsPolicy(
                mode.get(),
                patterns,
                Duration.ofSeconds(Math.min(MAX_AGE_IN_SECONDS, Long.parseLong(maxAge)))))
        : Optional.empty();
  }

  private static Optional<Mode> mode(String word) {
    return switch (word) {
      case "enforce" -> Optional.of(Mode.ENFORCE);
      case "testing" -> Optional.of(Mode.TESTING);
      case "none" -> Optional.of(Mode.NONE);
      default -> Optional.empty();
    };
  }

  /** As what sessions are counted under (RFC 8460 4.4). */
  TlsPolicy counted(Name domain) {
    List<String> lines = new ArrayList<>();
    lines.add("version: STSv1");
    lines.add("mode: " + mode.name().toLowerCase(Locale.ROOT));
    patterns.forEach(pattern -> lines.add("mx: " + pattern));
    lines.add("max_age: " + maxAge.toSeconds());
    return new TlsPolicy(DnsNames.text(domain), TlsPolicy.Type.STS, lines, patterns);
  }

  /** Whether it names a host (RFC 8461 4.1). */
  boolean names(String host) {
    int dot = host.indexOf('.');
    String above = dot < 0 ? "" : "*" + host.substring(dot);
    return patterns.contains(host) || patterns.contains(above);
  }
}
