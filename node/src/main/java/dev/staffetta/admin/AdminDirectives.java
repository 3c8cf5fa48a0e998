package dev.staffetta.admin;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;

/** What the routes of the admin API answer with: every one the same forms. */
abstract class AdminDirectives extends AllDirectives {
  final <T> Route body(Class<T> type, Function<T, CompletionStage<Void>> change) {
    return entity(
        Unmarshaller.entityToString(), json -> change(() -> change.apply(Json.read(json, type))));
  }

  final Route change(Supplier<CompletionStage<Void>> change) {
    return onSuccess(change.get(), done -> complete(StatusCodes.NO_CONTENT));
  }

  final <T> Route answer(Supplier<CompletionStage<T>> question) {
    return onSuccess(question.get(), value -> complete(AdminReplies.value(value)));
  }
}
