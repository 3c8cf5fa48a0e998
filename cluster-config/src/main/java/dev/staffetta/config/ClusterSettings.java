package dev.staffetta.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Section {@code staffetta.cluster}: how nodes find each other, what secures the way between them,
 * and when one is given up. What each means stands in {@code reference.conf}.
 *
 * @param seedNodes where to ask first; the first of them may found a new cluster
 * @param actors where this node's actors are reached
 * @param tls what nodes prove to each other who they are with; empty: they do not
 * @param allowPlaintext whether it may be empty though addresses are not loopback
 * @param foundingPatience for which the first seed waits for others to answer
 * @param lonelyAfter without the leader of partition 0 in its cluster a node joins anew
 */
public record ClusterSettings(
    List<NodeAddress> seedNodes,
    Actors actors,
    Optional<Tls> tls,
    boolean allowPlaintext,
    Duration foundingPatience,
    Duration lonelyAfter,
    Discovery discovery,
    Failures failures) {
  public ClusterSettings {
    Set<NodeAddress> distinct = new LinkedHashSet<>(seedNodes);
    require(distinct.size() == seedNodes.size(), "seed-nodes must not name a node twice");
    seedNodes = List.copyOf(seedNodes);
    require(!foundingPatience.isNegative(), "founding-patience must not be negative");
    require(
        lonelyAfter.compareTo(Duration.ofSeconds(5)) >= 0,
        "lonely-after must be at least 5s, not " + lonelyAfter);
    require(
        actors.port() > 0 || (seedNodes.isEmpty() && discovery.method() == Discovery.Method.NONE),
        "actors.port must not be 0 in a cluster of several nodes: others have to know it");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /**
   * Section {@code actors}.
   *
   * @param host under which other nodes reach this one
   * @param port 0: any, for a node that stays alone
   * @param bindAddress to listen on; empty: what {@code host} resolves to
   */
  public record Actors(String host, int port, Optional<String> bindAddress) {
    public Actors {
      require(!host.isBlank(), "actors.host must be a name or an address of this machine");
      require(
          !host.equals("0.0.0.0") && !host.equals("::"),
          "actors.host must be an address that other nodes can reach, not "
              + host
              + "; that one is for actors.bind-address");
      require(port >= 0 && port <= 65_535, "actors.port must be 0 to 65535, not " + port);
    }
  }

  /**
   * Section {@code tls}: files in PEM.
   *
   * @param certificate this node's, then those of its issuers
   * @param key its private key, PKCS#8, not encrypted
   * @param ca whose certificates are believed
   */
  public record Tls(Path certificate, Path key, Path ca) {}

  /**
   * Section {@code discovery}.
   *
   * @param method how nodes are found beside the seeds
   * @param serviceName under which
   * @param portName of the actors' port there; empty: the port of {@code actors.port}
   * @param requiredNodes that must have been found before one of them may found a cluster
   */
  public record Discovery(
      Method method, String serviceName, Optional<String> portName, int requiredNodes) {
    /** How nodes are found. */
    public enum Method {
      /** They are not: seeds and known members only. */
      NONE,
      /** By the addresses, or SRV records, that a name has in DNS. */
      DNS,
      /** By asking Kubernetes for pods. */
      KUBERNETES
    }

    public Discovery {
      require(
          method == Method.NONE || !serviceName.isBlank(),
          "discovery.service-name must be set with discovery.method = " + method);
      require(requiredNodes >= 1, "discovery.required-nodes must be at least 1");
    }
  }

  /**
   * Section {@code failures}.
   *
   * @param heartbeatInterval between two signs of life
   * @param acceptablePause without one, before a node counts as unreachable
   * @param stableAfter without change, before the smaller side of a cluster is given up
   * @param handoverMargin between giving a node up and starting its entities elsewhere
   */
  public record Failures(
      Duration heartbeatInterval,
      Duration acceptablePause,
      Duration stableAfter,
      Duration handoverMargin) {
    public Failures {
      require(
          heartbeatInterval.toMillis() >= 50,
          "failures.heartbeat-interval must be at least 50ms, not " + heartbeatInterval);
      require(
          acceptablePause.compareTo(heartbeatInterval) > 0,
          "failures.acceptable-pause must be more than failures.heartbeat-interval");
      require(
          stableAfter.toMillis() >= 500,
          "failures.stable-after must be at least 500ms, not " + stableAfter);
      require(!handoverMargin.isNegative(), "failures.handover-margin must not be negative");
    }
  }

  /** Reads the section. */
  public static ClusterSettings from(Config section) {
    Config actors = section.getConfig("actors");
    Config failures = section.getConfig("failures");
    return new ClusterSettings(
        section.getStringList("seed-nodes").stream().map(NodeAddress::parse).toList(),
        new Actors(actors.getString("host"), actors.getInt("port"), text(actors, "bind-address")),
        tls(section.getConfig("tls")),
        section.getBoolean("allow-plaintext"),
        section.getDuration("founding-patience"),
        section.getDuration("lonely-after"),
        discovery(section.getConfig("discovery")),
        new Failures(
            failures.getDuration("heartbeat-interval"),
            failures.getDuration("acceptable-pause"),
            failures.getDuration("stable-after"),
            failures.getDuration("handover-margin")));
  }

  private static Optional<Tls> tls(Config section) {
    Optional<String> certificate = text(section, "certificate");
    Optional<String> key = text(section, "key");
    Optional<String> ca = text(section, "ca");
    require(
        certificate.isPresent() == key.isPresent() && key.isPresent() == ca.isPresent(),
        "tls needs all of certificate, key and ca, or none");
    return certificate.map(path -> new Tls(Path.of(path), Path.of(key.get()), Path.of(ca.get())));
  }

  private static Discovery discovery(Config section) {
    return new Discovery(
        section.getEnum(Discovery.Method.class, "method"),
        section.getString("service-name"),
        text(section, "port-name"),
        section.getInt("required-nodes"));
  }

  private static Optional<String> text(Config section, String key) {
    return Optional.of(section.getString(key)).filter(value -> !value.isBlank());
  }
}
