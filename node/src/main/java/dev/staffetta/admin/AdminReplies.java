package dev.staffetta.admin;

import dev.staffetta.ports.Refusal;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.HttpChallenge;
import org.apache.pekko.http.javadsl.model.headers.WWWAuthenticate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers of the admin API: values as JSON, every no as {@code {"message": …}}. */
final class AdminReplies {
  private static final Logger LOG = LoggerFactory.getLogger(AdminReplies.class);

  private AdminReplies() {}

  static HttpResponse value(Object value) {
    return json(StatusCodes.OK, value);
  }

  static HttpResponse message(StatusCode status, String text) {
    return json(status, Map.of("message", text));
  }

  /** RFC 6750 3. */
  static HttpResponse unauthorized() {
    return message(StatusCodes.UNAUTHORIZED, "the admin token is missing or wrong")
        .addHeader(WWWAuthenticate.create(HttpChallenge.create("Bearer", "staffetta")));
  }

  /** The answer to a request that failed: a mistake in it, a refusal, or trouble here. */
  static HttpResponse failure(Throwable failure) {
    if (failure instanceof IllegalArgumentException) {
      return message(StatusCodes.BAD_REQUEST, failure.getMessage());
    }
    Refusal refusal = Refusal.of(failure);
    if (refusal.code() == Refusal.Code.UNAVAILABLE) {
      LOG.warn("an admin request failed: {}", failure.toString());
    }
    return message(status(refusal.code()), refusal.getMessage());
  }

  private static StatusCode status(Refusal.Code code) {
    return switch (code) {
      case UNAVAILABLE -> StatusCodes.SERVICE_UNAVAILABLE;
      case NONEXISTENT -> StatusCodes.NOT_FOUND;
      case ALREADYEXISTS, INUSE, CANNOT, LOOP -> StatusCodes.CONFLICT;
      case NOPERM -> StatusCodes.FORBIDDEN;
      case OVERQUOTA, LIMIT, TOOBIG -> StatusCodes.UNPROCESSABLE_CONTENT;
    };
  }

  private static HttpResponse json(StatusCode status, Object value) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(ContentTypes.APPLICATION_JSON, Json.write(value));
  }
}
