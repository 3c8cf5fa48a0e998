package dev.staffetta.listen;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The addresses that count as one client: an address of IPv4, a /64 network of IPv6, since there a
 * host has 2^64 addresses to choose from (RFC 4291 2.5.1).
 */
record AddressRange(String prefix) {
  private static final int NETWORK_IN_BYTES = 8;

  static AddressRange of(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean isNetwork = address instanceof Inet6Address;
    return new AddressRange(
        HexFormat.of().formatHex(isNetwork ? Arrays.copyOf(bytes, NETWORK_IN_BYTES) : bytes));
  }
}
