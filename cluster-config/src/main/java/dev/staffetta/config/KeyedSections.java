package dev.staffetta.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Sections whose names an operator chooses: domains. */
final class KeyedSections {
  private KeyedSections() {}

  /**
   * The sections by domain, lower-case.
   *
   * @param what one of them is called
   * @param keys allowed in each, divided by a comma and a space
   */
  static Map<String, Config> of(ConfigObject all, String what, String keys) {
    List<String> allowed = List.of(keys.split(", ", -1));
    Map<String, Config> sections = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : all.entrySet()) {
      String domain = entry.getKey();
      if (!(entry.getValue() instanceof ConfigObject section)) {
        throw new IllegalArgumentException(
            "the %s of '%s' must be a section in { } with %s".formatted(what, domain, keys));
      }
      Optional<String> unknown =
          section.keySet().stream().filter(key -> !allowed.contains(key)).findFirst();
      if (unknown.isPresent()) {
        throw new IllegalArgumentException(
            "the %s of '%s' must have %s only (and a domain with dots stands in quotes), not '%s'"
                .formatted(what, domain, keys, unknown.get()));
      }
      try {
        sections.put(domain.toLowerCase(Locale.ROOT), section.toConfig());
      } catch (ConfigException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
    return sections;
  }

  /** What is said of a domain, or of the nearest {@code .example.net} that it is below. */
  static <T> Optional<T> find(Map<String, T> byDomain, String domain) {
    T own = byDomain.get(domain);
    if (own != null) {
      return Optional.of(own);
    }
    for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
      T above = byDomain.get(domain.substring(dot));
      if (above != null) {
        return Optional.of(above);
      }
    }
    return Optional.empty();
  }

  /** One of an enumeration's names, in lower case. */
  static <E extends Enum<E>> E choice(Config section, String key, E ifMissing) {
    if (!section.hasPath(key)) {
      return ifMissing;
    }
    String name = section.getString(key);
    E[] all = ifMissing.getDeclaringClass().getEnumConstants();
    return Arrays.stream(all)
        .filter(value -> written(value).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s must be one of %s, not '%s'"
                        .formatted(
                            key,
                            Arrays.stream(all)
                                .map(KeyedSections::written)
                                .collect(Collectors.joining(", ")),
                            name)));
  }

  private static String written(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
