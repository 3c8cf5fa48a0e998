package dev.staffetta.relay.route;

import dev.staffetta.config.RelayDnsSettings.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where DNS may lead to: whoever sends mail chooses the name that is looked up, and must not reach
 * by it what only this machine can.
 *
 * @param allowed although special
 */
record ReachableNetworks(List<Network> allowed) {
  /** Loopback, private, link-local, multicast and others that are not of the public network. */
  private static final List<Network> SPECIAL =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "224.0.0.0/3",
              "::/96",
              "64:ff9b:1::/48",
              "fc00::/7",
              "fe80::/9",
              "ff00::/8")
          .map(Network::parse)
          .toList();

  boolean allows(InetAddress address) {
    return SPECIAL.stream().noneMatch(network -> network.contains(address))
        || allowed.stream().anyMatch(network -> network.contains(address));
  }
}
