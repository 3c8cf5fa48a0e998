package dev.staffetta.admin;

import dev.staffetta.dkim.DkimAlgorithm;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.DkimKeys;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Queues;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.Rejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.StringUnmarshallers;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;

/**
 * The routes of the admin API. {@code docs/operating.md} lists them for those who use it.
 *
 * <p>{@code /alive} and {@code /ready} are open to anyone, {@code /metrics} has a token of its own
 * besides; all else asks for the admin token.
 */
final class AdminRoutes extends AllDirectives {
  private final Directory directory;
  private final QueueRoutes queues;
  private final Operations operations;
  private final AdminToken token;
  private final MetricsRoute metrics;

  AdminRoutes(
      Directory directory,
      Queues queues,
      Operations operations,
      AdminToken token,
      MetricsRoute metrics) {
    this.directory = directory;
    this.queues = new QueueRoutes(queues);
    this.operations = operations;
    this.token = token;
    this.metrics = metrics;
  }

  Route route() {
    Supplier<Route> all =
        () ->
            concat(
                health(),
                metrics.route(),
                pathPrefix("v1", () -> authorized(this::administration)));
    return handleRejections(rejections(), () -> handleExceptions(exceptions(), all));
  }

  private Route health() {
    return concat(
        path("alive", () -> get(() -> complete(StatusCodes.OK, "alive\n"))),
        path("ready", () -> get(this::readiness)));
  }

  private Route readiness() {
    return operations.isReady()
        ? complete(StatusCodes.OK, "ready\n")
        : complete(StatusCodes.SERVICE_UNAVAILABLE, "not ready\n");
  }

  private Route authorized(Supplier<Route> inner) {
    return optionalHeaderValueByName(
        "Authorization",
        header ->
            header.filter(token::isIn).isPresent()
                ? inner.get()
                : complete(AdminReplies.unauthorized()));
  }

  private Route administration() {
    return concat(
        path("status", () -> get(() -> answer(operations::status))),
        path("tls-reload", () -> post(() -> answer(this::reloadTls))),
        pathPrefix("nodes", () -> pathPrefix(this::node)),
        path("domains", () -> get(() -> answer(directory::domains))),
        pathPrefix("domains", () -> path(this::domain)),
        pathPrefix("domains", () -> pathPrefix(this::dkim)),
        path("accounts", () -> get(() -> parameterOptional("domain", this::listAccounts))),
        pathPrefix("accounts", () -> path("import", () -> post(this::importing))),
        pathPrefix("accounts", () -> path(this::account)),
        pathPrefix("accounts", () -> pathPrefix(this::password)),
        path("aliases", () -> get(() -> parameterOptional("domain", this::listAliases))),
        pathPrefix("aliases", () -> path(this::alias)),
        queues.route());
  }

  private CompletionStage<Map<String, String>> reloadTls() {
    return operations.reloadTls().thenApply(sentence -> Map.of("tls", sentence));
  }

  private Route node(String name) {
    return concat(
        path("drain", () -> post(() -> changeNode(name, NodeChange.DRAIN, false))),
        path("resume", () -> post(() -> changeNode(name, NodeChange.RESUME, false))),
        pathEnd(
            () ->
                delete(
                    () ->
                        parameterOptional(
                            StringUnmarshallers.BOOLEAN,
                            "force",
                            force -> changeNode(name, NodeChange.REMOVE, force.orElse(false))))));
  }

  private Route changeNode(String name, NodeChange change, boolean force) {
    return answer(
        () ->
            operations
                .changeNode(name, change, force)
                .thenApply(sentence -> Map.of("message", sentence)));
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

  private Route listAccounts(Optional<String> domain) {
    return answer(
        () ->
            ofDomains(domain, directory::accounts)
                .thenApply(all -> all.stream().map(AccountId::address).toList()));
  }

  private Route account(String name) {
    return concat(
        put(() -> body(PasswordBody.class, body -> add(name, body))),
        delete(() -> change(() -> directory.removeAccount(AddressSyntax.account(name)))));
  }

  private CompletionStage<Void> add(String name, PasswordBody body) {
    return directory.addAccount(AddressSyntax.account(name), body.required());
  }

  private Route password(String name) {
    return path(
        "password", () -> put(() -> body(PasswordBody.class, body -> setPassword(name, body))));
  }

  private CompletionStage<Void> setPassword(String name, PasswordBody body) {
    return directory.setPassword(AddressSyntax.account(name), body.required());
  }

  /** {@code first-line} numbers the lines of a file that comes in several requests. */
  private Route importing() {
    return parameterOptional(
        StringUnmarshallers.LONG,
        "first-line",
        firstLine ->
            parameterOptional(
                StringUnmarshallers.BOOLEAN,
                "make-domains",
                makesDomains -> importing(firstLine.orElse(1L), makesDomains.orElse(false))));
  }

  private Route importing(long firstLine, boolean makesDomains) {
    return extractMaterializer(
        materializer ->
            entity(
                Unmarshaller.entityToString(),
                csv ->
                    answer(
                        () ->
                            new AccountImport(directory, makesDomains)
                                .run(csv, firstLine, materializer))));
  }

  private Route listAliases(Optional<String> domain) {
    return answer(
        () ->
            ofDomains(domain, directory::aliases)
                .thenApply(all -> all.stream().map(AliasBody::of).toList()));
  }

  private Route alias(String name) {
    return concat(
        put(() -> body(TargetsBody.class, body -> lead(name, body))),
        delete(() -> change(() -> directory.removeAlias(AddressSyntax.address(name)))));
  }

  private CompletionStage<Void> lead(String name, TargetsBody body) {
    return directory.addAlias(AddressSyntax.address(name), body.required());
  }

  /** A request's body that sets a password. */
  record PasswordBody(Optional<String> password) {
    String required() {
      return AddressSyntax.password(
          password.orElseThrow(() -> new IllegalArgumentException("'password' is missing")));
    }
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

  /** A request's body that sets where an alias leads. */
  record TargetsBody(Optional<List<String>> targets) {
    List<MailAddress> required() {
      List<String> named = targets.orElse(List.of());
      if (named.isEmpty()) {
        throw new IllegalArgumentException("'targets' names no address");
      }
      return named.stream().map(AddressSyntax::address).toList();
    }
  }

  /** An alias as the API shows it. */
  record AliasBody(String address, List<String> targets) {
    static AliasBody of(Directory.Alias alias) {
      return new AliasBody(
          alias.address().toString(), alias.targets().stream().map(MailAddress::toString).toList());
    }
  }

  /** One domain's, or all domains' in turn. */
  private <T> CompletionStage<List<T>> ofDomains(
      Optional<String> domain, Function<String, CompletionStage<List<T>>> list) {
    if (domain.isPresent()) {
      return list.apply(AddressSyntax.domain(domain.get()));
    }
    return directory.domains().thenCompose(names -> inTurn(names, list));
  }

  private static <T> CompletionStage<List<T>> inTurn(
      List<String> names, Function<String, CompletionStage<List<T>>> list) {
    CompletionStage<List<T>> all = CompletableFuture.completedFuture(List.of());
    for (String name : names) {
      all = all.thenCompose(before -> list.apply(name).thenApply(next -> join(before, next)));
    }
    return all;
  }

  private static <T> List<T> join(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private <T> Route body(Class<T> type, Function<T, CompletionStage<Void>> change) {
    return entity(
        Unmarshaller.entityToString(), json -> change(() -> change.apply(Json.read(json, type))));
  }

  private Route change(Supplier<CompletionStage<Void>> change) {
    return onSuccess(change.get(), done -> complete(StatusCodes.NO_CONTENT));
  }

  private <T> Route answer(Supplier<CompletionStage<T>> question) {
    return onSuccess(question.get(), value -> complete(AdminReplies.value(value)));
  }

  private ExceptionHandler exceptions() {
    return ExceptionHandler.newBuilder()
        .matchAny(failure -> complete(AdminReplies.failure(failure)))
        .build();
  }

  private RejectionHandler rejections() {
    return RejectionHandler.newBuilder()
        .handleAll(
            MethodRejection.class,
            all ->
                complete(AdminReplies.message(StatusCodes.METHOD_NOT_ALLOWED, "not allowed here")))
        .handleAll(
            Rejection.class,
            all ->
                complete(
                    AdminReplies.message(
                        StatusCodes.BAD_REQUEST, "bad request: " + all.get(0).toString())))
        .handleNotFound(
            complete(AdminReplies.message(StatusCodes.NOT_FOUND, "no such path in the admin API")))
        .build();
  }
}
