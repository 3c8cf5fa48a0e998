package dev.staffetta.admin;

import dev.staffetta.dkim.DkimAlgorithm;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.DkimKeys;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;

/** The routes of the admin API that are about domains and the keys that sign their mail. */
final class DomainRoutes extends AdminDirectives {
  private final Directory directory;

  DomainRoutes(Directory directory) {
    this.directory = directory;
  }

  Route route() {
    return concat(
        path("domains", () -> get(() -> answer(directory::domains))),
        pathPrefix("domains", () -> path(this::domain)),
        pathPrefix("domains", () -> pathPrefix(this::dkim)));
  }

  private Route domain(String name) {
    return concat(
        put(() -> change(() -> directory.addDomain(AddressSyntax.domain(name)))),
        delete(() -> change(() -> directory.removeDomain(AddressSyntax.domain(name)))));
  }

  private Route dkim(String domain) {
    Supplier<Route> keys =
        () ->
            concat(
                pathEnd(() -> get(() -> answer(() -> dkimKeys(domain)))),
                pathEnd(
                    () ->
                        post(
                            () ->
                                entity(
                                    Unmarshaller.entityToString(),
                                    json ->
                                        answer(
                                            () ->
                                                addDkimKey(
                                                    domain, Json.read(json, DkimBody.class)))))),
                path(
                    selector ->
                        delete(
                            () ->
                                change(
                                    () ->
                                        directory.removeDkimKey(
                                            AddressSyntax.domain(domain), selector)))),
                pathPrefix(
                    selector ->
                        path(
                            "activate",
                            () ->
                                post(
                                    () ->
                                        change(
                                            () ->
                                                directory.activateDkimKey(
                                                    AddressSyntax.domain(domain), selector))))));
    return pathPrefix("dkim", keys);
  }

  private CompletionStage<List<DkimKeyBody>> dkimKeys(String domain) {
    return directory
        .dkimKeys(AddressSyntax.domain(domain))
        .thenApply(keys -> keys.stream().map(DkimKeyBody::of).toList());
  }

  private CompletionStage<DkimKeyBody> addDkimKey(String domain, DkimBody body) {
    return directory
        .addDkimKey(AddressSyntax.domain(domain), body.selector(), body.required())
        .thenApply(DkimKeyBody::of);
  }

  /** A request's body that makes a key. */
  record DkimBody(Optional<String> selector, Optional<String> algorithm) {
    DkimAlgorithm required() {
      String wanted = algorithm.orElse(DkimAlgorithm.RSA_SHA256.keyType());
      return Stream.of(DkimAlgorithm.values())
          .filter(known -> known.keyType().equals(wanted))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "'algorithm' must be rsa or ed25519, not '" + wanted + "'"));
    }
  }

  /** A key as the API shows it. */
  record DkimKeyBody(
      String selector, String algorithm, boolean active, String name, String record) {
    static DkimKeyBody of(DkimKeys.Key key) {
      return new DkimKeyBody(
          key.selector(), key.algorithm().keyType(), key.isActive(), key.name(), key.record());
    }
  }
}
