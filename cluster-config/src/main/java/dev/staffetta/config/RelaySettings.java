package dev.staffetta.config;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Locale;

/**
 * Mail for other servers: the section {@code relay}.
 *
 * @param port of servers found by DNS
 * @param ownNames names of hosts, lower-case, and addresses that lead to this cluster
 * @param sourceAddresses to connect from, one of a family at most
 */
public record RelaySettings(
    int port,
    List<String> ownNames,
    List<String> sourceAddresses,
    RelayClientSettings client,
    RelayDnsSettings dns,
    RelayRoutesSettings routes,
    RelayTlsSettings tls,
    RelayScheduleSettings schedule,
    RelayLimitsSettings limits) {
  public RelaySettings {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("must be a port from 1 to 65535, not " + port);
    }
    ownNames = ownNames.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    sourceAddresses = List.copyOf(sourceAddresses);
    sourceAddresses.forEach(IpAddresses::parse);
    if (sourceAddresses.stream().map(IpAddresses::parse).map(Object::getClass).distinct().count()
        < sourceAddresses.size()) {
      throw new IllegalArgumentException(
          "must be one IPv4 and one IPv6 address at most, not " + sourceAddresses);
    }
  }

  /** Reads the section. */
  public static RelaySettings from(Config section) {
    return new RelaySettings(
        section.getInt("port"),
        section.getStringList("own-names"),
        section.getStringList("source-addresses"),
        RelayClientSettings.from(section.getConfig("client")),
        RelayDnsSettings.from(section.getConfig("dns")),
        RelayRoutesSettings.from(section.getObject("routes")),
        RelayTlsSettings.from(section.getConfig("tls")),
        RelayScheduleSettings.from(section.getConfig("schedule")),
        RelayLimitsSettings.from(section.getConfig("limits")));
  }
}
