package dev.staffetta.relay.route;

import dev.staffetta.config.IpAddresses;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which hosts are this cluster: mail must not go to itself (RFC 5321 5.1).
 *
 * @param names lower-case
 */
record OwnHosts(Set<String> names, Set<InetAddress> addresses) {
  private static final int SMTP_PORT = 25;

  OwnHosts {
    names = Set.copyOf(names);
    addresses = Set.copyOf(addresses);
  }

  /**
   * What is configured, and what this machine has.
   *
   * @param port that mail is sent to: on another than SMTP's there may well be somebody else
   */
  static OwnHosts of(String hostName, List<String> configured, int port) {
    Set<String> names =
        configured.stream()
            .filter(name -> !IpAddresses.isAddress(name))
            .collect(Collectors.toCollection(HashSet::new));
    names.add(hostName.toLowerCase(Locale.ROOT));
    Set<InetAddress> addresses =
        configured.stream()
            .filter(IpAddresses::isAddress)
            .map(IpAddresses::parse)
            .collect(Collectors.toCollection(HashSet::new));
    if (port == SMTP_PORT) {
      addresses.addAll(ofThisMachine());
    }
    return new OwnHosts(names, addresses);
  }

  private static Collection<InetAddress> ofThisMachine() {
    try {
      return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
          .flatMap(NetworkInterface::inetAddresses)
          .toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  boolean includes(String host, Collection<InetAddress> itsAddresses) {
    return names.contains(host) || itsAddresses.stream().anyMatch(addresses::contains);
  }
}
