package dev.staffetta.admin;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Queues;
import dev.staffetta.ports.Queues.Change;
import dev.staffetta.ports.Queues.Selection;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.StringUnmarshallers;

/** The routes of the admin API that are about mail for other servers. */
final class QueueRoutes extends AdminDirectives {
  private static final int PAGE = 100;

  private final Queues queues;

  QueueRoutes(Queues queues) {
    this.queues = queues;
  }

  Route route() {
    return concat(
        path("queue", () -> get(this::list)),
        pathPrefix("queue", () -> pathPrefix(this::ofQueue)),
        path("trace", () -> get(() -> parameter("message", this::trace))));
  }

  private Route list() {
    return parameterOptional(
        "domain",
        domain ->
            parameterOptional(
                "after",
                after ->
                    parameterOptional(
                        StringUnmarshallers.INTEGER,
                        "limit",
                        limit -> answer(() -> list(domain, after, limit.orElse(PAGE))))));
  }

  private CompletionStage<QueueMessage.Page> list(
      Optional<String> domain, Optional<String> after, int limit) {
    return queues
        .list(domain.map(QueueRoutes::destination), after, limit)
        .thenApply(
            page ->
                new QueueMessage.Page(
                    page.messages().stream().map(QueueMessage::of).toList(), page.next()));
  }

  /** {@code name} is a message's id, or a change that is made to many. */
  private Route ofQueue(String name) {
    return concat(
        pathEnd(
            () ->
                concat(
                    get(() -> answer(() -> queues.show(id(name)).thenApply(QueueMessage::of))),
                    post(() -> changeMany(name)))),
        path(change -> post(() -> answer(() -> changeOne(name, change)))));
  }

  private CompletionStage<Queues.Changed> changeOne(String id, String change) {
    return queues.change(change(change), new Selection.Single(id(id)), Optional.empty());
  }

  private Route changeMany(String change) {
    return parameterOptional(
        "domain",
        domain ->
            parameterOptional(
                "after", after -> answer(() -> changeMany(change(change), domain, after))));
  }

  private CompletionStage<Queues.Changed> changeMany(
      Change change, Optional<String> domain, Optional<String> after) {
    if (domain.isPresent()) {
      return queues.change(change, new Selection.OfDomain(destination(domain.get())), after);
    }
    if (change != Change.RETRY) {
      throw new IllegalArgumentException("'domain' is missing; only retry is for all messages");
    }
    return queues.flush(after);
  }

  private Route trace(String message) {
    return answer(
        () ->
            queues
                .trace(message)
                .thenApply(found -> found.stream().map(QueueMessage::of).toList()));
  }

  private static Change change(String word) {
    for (Change change : Change.values()) {
      if (change.name().toLowerCase(Locale.ROOT).equals(word)) {
        return change;
      }
    }
    throw new IllegalArgumentException(
        "'" + word + "' is neither a message's id nor retry, hold, release, cancel or bounce");
  }

  private static ContentId id(String written) {
    if (!written.matches("[0-9a-fA-F]{32}")) {
      throw new IllegalArgumentException(
          "'" + written + "' is not the id of a message: 32 hexadecimal digits");
    }
    return new ContentId(
        Long.parseUnsignedLong(written.substring(0, 16), 16),
        Long.parseUnsignedLong(written.substring(16), 16));
  }

  /** As envelopes have it: any text, since mail may wait for what no administrator would write. */
  private static String destination(String written) {
    return written.strip().toLowerCase(Locale.ROOT);
  }
}
