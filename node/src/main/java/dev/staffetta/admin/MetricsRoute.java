package dev.staffetta.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/** The route of the metrics. */
final class MetricsRoute extends AllDirectives {
  /** Without a version it is 0.0.4, which every Prometheus reads. */
  private static final ContentType.NonBinary TEXT = ContentTypes.TEXT_PLAIN_UTF8;

  private final MetricsPage page;
  private final AdminToken admin;
  private final Executor blocking;

  /**
   * @param admin who may do everything may read this, too
   * @param blocking where the page is written
   */
  MetricsRoute(MetricsPage page, AdminToken admin, Executor blocking) {
    this.page = page;
    this.admin = admin;
    this.blocking = blocking;
  }

  Route route() {
    return path(
        "metrics",
        () ->
            get(
                () ->
                    optionalHeaderValueByName(
                        "Authorization",
                        header ->
                            header.filter(this::mayRead).isPresent()
                                ? completeWithFuture(
                                    CompletableFuture.supplyAsync(this::answer, blocking))
                                : complete(AdminReplies.unauthorized()))));
  }

  private boolean mayRead(String authorization) {
    return page.token().isIn(authorization) || admin.isIn(authorization);
  }

  private HttpResponse answer() {
    return HttpResponse.create().withEntity(TEXT, page.text().get());
  }
}
