package dev.staffetta.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses written in figures: nothing is ever looked up. */
public final class IpAddresses {
  private IpAddresses() {}

  /** Whether it is an address and not a name. */
  public static boolean isAddress(String text) {
    return text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")
        || (text.indexOf(':') != text.lastIndexOf(':') && text.matches("[0-9A-Fa-f:.]{2,45}"));
  }

  /** {@code 192.0.2.1} or {@code 2001:db8::1}. */
  public static InetAddress parse(String text) {
    try {
      if (isAddress(text)) {
        return InetAddress.getByName(text);
      }
    } catch (UnknownHostException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "must be an address such as 192.0.2.1 or 2001:db8::1, not '" + text + "'");
  }

  /** {@code 192.0.2.1}, {@code 192.0.2.1:5353}, {@code 2001:db8::1}, {@code [2001:db8::1]:5353}. */
  public static InetSocketAddress parse(String text, int defaultPort) {
    if (isAddress(text)) {
      return new InetSocketAddress(parse(text), defaultPort);
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    String port = text.substring(colon + 1);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
      throw new IllegalArgumentException(
          "must be an address with or without a port such as 192.0.2.1:53, not '" + text + "'");
    }
    return new InetSocketAddress(parse(host), Integer.parseInt(port));
  }
}
