package dev.staffetta.node;

import dev.staffetta.config.NodeSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** How this node calls itself to others. */
final class HostName {
  private HostName() {}

  /** What the settings say, else what the operating system says, else {@code localhost}. */
  static String of(NodeSettings settings) {
    return settings.hostName().orElseGet(HostName::ofMachine);
  }

  private static String ofMachine() {
    try {
      String name = InetAddress.getLocalHost().getCanonicalHostName().toLowerCase(Locale.ROOT);
      return name.matches("[a-z0-9.-]+") ? name : "localhost";
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
