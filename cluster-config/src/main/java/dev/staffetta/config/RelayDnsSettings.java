package dev.staffetta.config;

import com.typesafe.config.Config;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How names are looked up: the section {@code relay.dns}.
 *
 * @param servers to ask; empty: the operating system's
 * @param timeout of one question to one server
 * @param rounds in which each server is asked once
 * @param cacheMinTtl the shortest time that an answer is kept
 * @param cacheMaxTtl the longest
 * @param cacheSize answers kept
 * @param trustAnchors digests of keys that validation begins at: name, key tag, algorithm, type of
 *     the digest, digest (RFC 4034 5.3)
 * @param families of addresses that are used, the preferred first
 * @param allowedNetworks loopback, private and other special ones that DNS may lead to
 */
public record RelayDnsSettings(
    List<InetSocketAddress> servers,
    Duration timeout,
    int rounds,
    Duration cacheMinTtl,
    Duration cacheMaxTtl,
    int cacheSize,
    Dnssec dnssec,
    List<String> trustAnchors,
    List<Family> families,
    List<Network> allowedNetworks) {
  private static final int DNS_PORT = 53;

  private static final Pattern TRUST_ANCHOR =
      Pattern.compile("(\\S+)?\\. +[0-9]{1,5} +[0-9]{1,3} +[0-9]{1,3} +([0-9A-Fa-f]{2}){20,64}");

  /** Whether answers can be known to be genuine. */
  public enum Dnssec {
    /** None is. */
    OFF,
    /** Those that the server says it has validated (RFC 6840 5.8). */
    TRUST_AD,
    /** Those that are validated here, from the trust anchors on (RFC 4035 5). */
    VALIDATE
  }

  /** Of addresses. */
  public enum Family {
    IPV6,
    IPV4
  }

  /**
   * The addresses that begin alike.
   *
   * @param prefixLength in bits
   */
  public record Network(InetAddress address, int prefixLength) {
    public Network {
      int bits = address.getAddress().length * 8;
      if (prefixLength < 0 || prefixLength > bits) {
        throw new IllegalArgumentException(
            "must be a network with a prefix of 0 to " + bits + " bits, not /" + prefixLength);
      }
    }

    /** {@code 10.0.0.0/8}, {@code fd00::/8}; without the slash, one address. */
    public static Network parse(String text) {
      int slash = text.indexOf('/');
      InetAddress address = IpAddresses.parse(slash < 0 ? text : text.substring(0, slash));
      String bits = text.substring(slash + 1);
      if (slash >= 0 && !bits.matches("[0-9]{1,3}")) {
        throw new IllegalArgumentException(
            "must be a network such as 10.0.0.0/8 or fd00::/8, not '" + text + "'");
      }
      return new Network(
          address, slash < 0 ? address.getAddress().length * 8 : Integer.parseInt(bits));
    }

    /** Whether an address is in it. */
    public boolean contains(InetAddress other) {
      byte[] own = address.getAddress();
      byte[] its = other.getAddress();
      if (own.length != its.length) {
        return false;
      }
      for (int bit = 0; bit < prefixLength; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((own[bit / 8] & mask) != (its[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  public RelayDnsSettings {
    servers = List.copyOf(servers);
    trustAnchors = List.copyOf(trustAnchors);
    families = List.copyOf(families);
    allowedNetworks = List.copyOf(allowedNetworks);
    if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException("must be from 1ms to 1m, not " + timeout);
    }
    if (rounds < 1 || rounds > 10) {
      throw new IllegalArgumentException("must be from 1 to 10 rounds, not " + rounds);
    }
    if (cacheMinTtl.isNegative() || cacheMaxTtl.compareTo(cacheMinTtl) < 0) {
      throw new IllegalArgumentException(
          "must not be negative, and cache-max-ttl no less than cache-min-ttl");
    }
    if (cacheSize < 1) {
      throw new IllegalArgumentException("must be at least 1 answer, not " + cacheSize);
    }
    if (families.isEmpty() || families.stream().distinct().count() < families.size()) {
      throw new IllegalArgumentException(
          "must be [ipv6, ipv4] or part of it, each once, not " + families);
    }
    for (String anchor : trustAnchors) {
      if (!TRUST_ANCHOR.matcher(anchor).matches()) {
        throw new IllegalArgumentException(
            "must be name, key tag, algorithm, type of the digest and digest, such as"
                + " \". 38696 8 2 683D2D...\", not '"
                + anchor
                + "'");
      }
    }
    if (dnssec == Dnssec.VALIDATE && trustAnchors.isEmpty()) {
      throw new IllegalArgumentException(
          "validate needs trust-anchors: without any nothing can be validated");
    }
    if (dnssec == Dnssec.TRUST_AD
        && (servers.isEmpty()
            || !servers.stream().allMatch(server -> server.getAddress().isLoopbackAddress()))) {
      throw new IllegalArgumentException(
          "trust-ad needs servers on the loopback address only: what they say is not protected on"
              + " its way (RFC 6840 5.8), not "
              + servers);
    }
  }

  /** Reads the section. */
  public static RelayDnsSettings from(Config section) {
    return new RelayDnsSettings(
        section.getStringList("servers").stream()
            .map(server -> IpAddresses.parse(server, DNS_PORT))
            .toList(),
        section.getDuration("timeout"),
        section.getInt("rounds"),
        section.getDuration("cache-min-ttl"),
        section.getDuration("cache-max-ttl"),
        section.getInt("cache-size"),
        dnssec(section.getString("dnssec")),
        section.getStringList("trust-anchors"),
        section.getStringList("address-families").stream().map(RelayDnsSettings::family).toList(),
        section.getStringList("allowed-networks").stream().map(Network::parse).toList());
  }

  private static Dnssec dnssec(String name) {
    return switch (name) {
      case "off" -> Dnssec.OFF;
      case "trust-ad" -> Dnssec.TRUST_AD;
      case "validate" -> Dnssec.VALIDATE;
      default ->
          throw new IllegalArgumentException(
              "must be off, trust-ad or validate, not '" + name + "'");
    };
  }

  private static Family family(String name) {
    return switch (name) {
      case "ipv6" -> Family.IPV6;
      case "ipv4" -> Family.IPV4;
      default ->
          throw new IllegalArgumentException("must be a list of ipv6 and ipv4, not '" + name + "'");
    };
  }
}
