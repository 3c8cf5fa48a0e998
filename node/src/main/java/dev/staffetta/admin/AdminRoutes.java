package dev.staffetta.admin;

import dev.staffetta.ports.Directory;
import dev.staffetta.ports.Queues;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.Rejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.StringUnmarshallers;

/**
 * The routes of the admin API. {@code docs/operating.md} lists them for those who use it.
 *
 * <p>{@code /alive} and {@code /ready} are open to anyone, {@code /metrics} has a token of its own
 * besides; all else asks for the admin token.
 */
final class AdminRoutes extends AdminDirectives {
  private final DomainRoutes domains;
  private final AccountRoutes accounts;
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
    this.domains = new DomainRoutes(directory);
    this.accounts = new AccountRoutes(directory);
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
        domains.route(),
        accounts.route(),
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
