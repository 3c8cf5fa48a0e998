package dev.staffetta.admin;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.MailAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.StringUnmarshallers;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;

/** The routes of the admin API that are about accounts and the aliases that lead to them. */
final class AccountRoutes extends AdminDirectives {
  private final Directory directory;

  AccountRoutes(Directory directory) {
    this.directory = directory;
  }

  Route route() {
    return concat(
        path("accounts", () -> get(() -> parameterOptional("domain", this::listAccounts))),
        pathPrefix("accounts", () -> path("import", () -> post(this::importing))),
        pathPrefix("accounts", () -> path(this::account)),
        pathPrefix("accounts", () -> pathPrefix(this::password)),
        path("aliases", () -> get(() -> parameterOptional("domain", this::listAliases))),
        pathPrefix("aliases", () -> path(this::alias)));
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

  /** A request's body that sets a password. */
  record PasswordBody(Optional<String> password) {
    String required() {
      return AddressSyntax.password(
          password.orElseThrow(() -> new IllegalArgumentException("'password' is missing")));
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
}
