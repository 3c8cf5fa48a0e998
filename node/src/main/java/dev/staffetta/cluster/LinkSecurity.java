package dev.staffetta.cluster;

import dev.staffetta.config.ClusterSettings;
import dev.staffetta.config.NodeAddress;
import dev.staffetta.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether nodes may talk to each other as the settings say. */
public final class LinkSecurity {
  /** RFC 6761 6.3 and RFC 1122 3.2.1.3 (g): addresses that never leave the machine. */
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|.*\\.localhost|127(\\.[0-9]{1,3}){3}|::1");

  private LinkSecurity() {}

  /** Why they may not, and what to set; empty: they may. */
  public static Optional<String> objection(Settings settings) {
    ClusterSettings cluster = settings.cluster();
    if (cluster.tls().isPresent() || cluster.allowPlaintext()) {
      return Optional.empty();
    }
    return named(settings).stream()
        .filter(place -> !LOOPBACK.matcher(place.host()).matches())
        .findFirst()
        .map(
            place ->
                "%s is %s, which is not loopback, and nodes would talk without TLS; set"
                        .formatted(place.key(), place.host())
                    + " cluster.tls.certificate, key and ca, or say cluster.allow-plaintext = true");
  }

  private record Place(String key, String host) {}

  private static List<Place> named(Settings settings) {
    ClusterSettings cluster = settings.cluster();
    List<Place> places = new ArrayList<>();
    places.add(new Place("cluster.actors.host", cluster.actors().host()));
    cluster
        .actors()
        .bindAddress()
        .ifPresent(host -> places.add(new Place("cluster.actors.bind-address", host)));
    for (NodeAddress seed : cluster.seedNodes()) {
      places.add(new Place("cluster.seed-nodes", seed.host()));
    }
    places.add(new Place("store.raft.host", settings.store().raft().host()));
    return places;
  }
}
