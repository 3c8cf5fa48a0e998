package dev.staffetta.smtp.client;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a server offers in its answer to EHLO (RFC 5321 4.1.1.1).
 *
 * @param parameters by keyword, both upper-case
 */
record Extensions(Map<String, List<String>> parameters) {
  /** Of a server that knows HELO only. */
  static final Extensions NONE = new Extensions(Map.of());

  Extensions {
    parameters = Map.copyOf(parameters);
  }

  /** Of the lines after the first. A keyword twice: all its parameters. */
  static Extensions of(ServerReply reply) {
    Map<String, List<String>> parameters = new HashMap<>();
    for (String line : reply.lines().subList(1, reply.lines().size())) {
      // AUTH=LOGIN PLAIN is how some wrote it before RFC 2554.
      String[] words = line.strip().replaceFirst("=", " ").toUpperCase(Locale.ROOT).split("\\s+");
      parameters.merge(
          words[0],
          Arrays.asList(words).subList(1, words.length),
          (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
    }
    return new Extensions(parameters);
  }

  private boolean has(String keyword) {
    return parameters.containsKey(keyword);
  }

  boolean hasStartTls() {
    return has("STARTTLS");
  }

  boolean hasPipelining() {
    return has("PIPELINING");
  }

  boolean hasEightBit() {
    return has("8BITMIME");
  }

  boolean hasChunking() {
    return has("CHUNKING");
  }

  boolean hasUtf8() {
    return has("SMTPUTF8");
  }

  boolean hasReports() {
    return has("DSN");
  }

  boolean hasRequireTls() {
    return has("REQUIRETLS");
  }

  boolean hasSize() {
    return has("SIZE");
  }

  /** The largest message it takes, in octets; empty: it names none (RFC 1870 4, 0 included). */
  OptionalLong maxSize() {
    return parameters.getOrDefault("SIZE", List.of()).stream()
        .filter(text -> text.matches("[0-9]{1,18}"))
        .mapToLong(Long::parseLong)
        .filter(size -> size > 0)
        .findFirst();
  }

  /** Whether a password can be given in this way (RFC 4954). */
  boolean hasLogin(String mechanism) {
    return parameters.getOrDefault("AUTH", List.of()).contains(mechanism);
  }
}
