package dev.staffetta.relay.route;

import java.util.Map;
import java.util.Optional;

/**
 * What is configured for domains.
 *
 * @param entries by a domain, lower-case; {@code .example.net}: all below it; {@code *}: all others
 */
record DomainTable<T>(Map<String, T> entries) {
  DomainTable {
    entries = Map.copyOf(entries);
  }

  /** The entry that names the domain most exactly. */
  Optional<T> find(String domain) {
    T own = entries.get(domain);
    if (own != null) {
      return Optional.of(own);
    }
    for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
      T above = entries.get(domain.substring(dot));
      if (above != null) {
        return Optional.of(above);
      }
    }
    return Optional.ofNullable(entries.get("*"));
  }
}
