package dev.staffetta.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a node's actors are reached, as other nodes write it: {@code mail1.example.com:10071},
 * {@code 192.0.2.1:10071}, {@code [2001:db8::1]:10071}.
 *
 * @param host a name or an address; an IPv6 address without its brackets
 * @param port from 1
 */
public record NodeAddress(String host, int port) implements Comparable<NodeAddress> {
  private static final Pattern WRITTEN =
      Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^\\[\\]:/\\s]+)):([0-9]{1,5})");

  public NodeAddress {
    if (host.isBlank() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException("no node's address: host '" + host + "', port " + port);
    }
  }

  /** Reads what {@link #toString} writes. */
  public static NodeAddress parse(String written) {
    Matcher parts = WRITTEN.matcher(written);
    if (!parts.matches() || !isPort(Integer.parseInt(parts.group(3)))) {
      throw new IllegalArgumentException(
          "must be host:port, such as mail1.example.com:10071, not '" + written + "'");
    }
    String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
    return new NodeAddress(host, Integer.parseInt(parts.group(3)));
  }

  private static boolean isPort(int number) {
    return number >= 1 && number <= 65_535;
  }

  @Override
  public int compareTo(NodeAddress other) {
    int byHost = host.compareTo(other.host);
    return byHost == 0 ? Integer.compare(port, other.port) : byHost;
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
