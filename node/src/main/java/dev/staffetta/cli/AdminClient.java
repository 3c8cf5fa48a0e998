package dev.staffetta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.staffetta.admin.AccountImport;
import dev.staffetta.admin.ClusterStatus;
import dev.staffetta.admin.Json;
import dev.staffetta.admin.QueueMessage;
import dev.staffetta.ports.Queues;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The admin API of a node as an operator's commands use it: blocking, a failure is a line. */
final class AdminClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI node;
  private final String token;

  AdminClient(URI node, String token) {
    this.node = node;
    this.token = token;
  }

  URI url() {
    return node;
  }

  /** Whether somebody answers there. */
  boolean isAlive() {
    return isOk("/alive");
  }

  /** Whether the node takes mail. */
  boolean isReady() {
    return isOk("/ready");
  }

  private boolean isOk(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(node.resolve(path)).timeout(Duration.ofSeconds(5)).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  ClusterStatus status() throws CommandFailure {
    return Json.read(call("GET", "/v1/status", BodyPublishers.noBody()), ClusterStatus.class);
  }

  /** Wants something else of a node; a line that says what is being done. */
  String drainNode(String name) throws CommandFailure {
    return message(call("POST", "/v1/nodes/" + segment(name) + "/drain", BodyPublishers.noBody()));
  }

  String resumeNode(String name) throws CommandFailure {
    return message(call("POST", "/v1/nodes/" + segment(name) + "/resume", BodyPublishers.noBody()));
  }

  String removeNode(String name, boolean force) throws CommandFailure {
    String path = "/v1/nodes/" + segment(name) + "?force=" + force;
    return message(call("DELETE", path, BodyPublishers.noBody()));
  }

  private static String message(String answer) {
    return Json.read(answer, JsonNode.class).path("message").asText();
  }

  String reloadTls() throws CommandFailure {
    return Json.read(call("POST", "/v1/tls-reload", BodyPublishers.noBody()), JsonNode.class)
        .path("tls")
        .asText();
  }

  List<String> domains() throws CommandFailure {
    return texts("/v1/domains");
  }

  void addDomain(String domain) throws CommandFailure {
    call("PUT", "/v1/domains/" + segment(domain), BodyPublishers.noBody());
  }

  void removeDomain(String domain) throws CommandFailure {
    call("DELETE", "/v1/domains/" + segment(domain), BodyPublishers.noBody());
  }

  /** A key that a domain signs with, and the text of its TXT record. */
  record DkimKey(String selector, String algorithm, boolean active, String name, String record) {}

  List<DkimKey> dkimKeys(String domain) throws CommandFailure {
    String answer =
        call("GET", "/v1/domains/" + segment(domain) + "/dkim", BodyPublishers.noBody());
    return List.of(Json.read(answer, DkimKey[].class));
  }

  DkimKey addDkimKey(String domain, Optional<String> selector, String algorithm)
      throws CommandFailure {
    Map<String, String> body = new TreeMap<>(Map.of("algorithm", algorithm));
    selector.ifPresent(wanted -> body.put("selector", wanted));
    String path = "/v1/domains/" + segment(domain) + "/dkim";
    return Json.read(call("POST", path, json(body)), DkimKey.class);
  }

  void activateDkimKey(String domain, String selector) throws CommandFailure {
    String path = "/v1/domains/" + segment(domain) + "/dkim/" + segment(selector) + "/activate";
    call("POST", path, BodyPublishers.noBody());
  }

  void removeDkimKey(String domain, String selector) throws CommandFailure {
    String path = "/v1/domains/" + segment(domain) + "/dkim/" + segment(selector);
    call("DELETE", path, BodyPublishers.noBody());
  }

  /** Accounts of a domain, or of all. */
  List<String> accounts(Optional<String> domain) throws CommandFailure {
    return texts("/v1/accounts" + query(domain));
  }

  void addAccount(String address, String password) throws CommandFailure {
    call("PUT", "/v1/accounts/" + segment(address), json(Map.of("password", password)));
  }

  void setPassword(String address, String password) throws CommandFailure {
    call(
        "PUT",
        "/v1/accounts/" + segment(address) + "/password",
        json(Map.of("password", password)));
  }

  void removeAccount(String address) throws CommandFailure {
    call("DELETE", "/v1/accounts/" + segment(address), BodyPublishers.noBody());
  }

  /**
   * Makes the accounts of some lines of a CSV file.
   *
   * @param firstLine number of the first of them in the file, from 1
   * @param makesDomains whether domains that are missing are made
   */
  AccountImport.Result importAccounts(List<String> lines, long firstLine, boolean makesDomains)
      throws CommandFailure {
    String path = "/v1/accounts/import?first-line=" + firstLine + "&make-domains=" + makesDomains;
    String answer = call("POST", path, BodyPublishers.ofString(String.join("\n", lines)));
    return Json.read(answer, AccountImport.Result.class);
  }

  /** An alias and where it leads. */
  record Alias(String address, List<String> targets) {}

  List<Alias> aliases(Optional<String> domain) throws CommandFailure {
    String answer = call("GET", "/v1/aliases" + query(domain), BodyPublishers.noBody());
    return List.of(Json.read(answer, Alias[].class));
  }

  void addAlias(String address, List<String> targets) throws CommandFailure {
    call("PUT", "/v1/aliases/" + segment(address), json(Map.of("targets", targets)));
  }

  void removeAlias(String address) throws CommandFailure {
    call("DELETE", "/v1/aliases/" + segment(address), BodyPublishers.noBody());
  }

  QueueMessage.Page queue(Optional<String> domain, Optional<String> after, int limit)
      throws CommandFailure {
    String query =
        query(
            Stream.of(
                Optional.of("limit=" + limit),
                parameter("domain", domain),
                parameter("after", after)));
    String answer = call("GET", "/v1/queue" + query, BodyPublishers.noBody());
    return Json.read(answer, QueueMessage.Page.class);
  }

  QueueMessage queued(String id) throws CommandFailure {
    String answer = call("GET", "/v1/queue/" + segment(id), BodyPublishers.noBody());
    return Json.read(answer, QueueMessage.class);
  }

  /** Changes a message that waits. */
  Queues.Changed changeQueued(Queues.Change change, String id) throws CommandFailure {
    String path = "/v1/queue/" + segment(id) + "/" + word(change);
    return Json.read(call("POST", path, BodyPublishers.noBody()), Queues.Changed.class);
  }

  /** Changes all messages, or a domain's; one request after the other until that is done. */
  Queues.Changed changeQueue(Queues.Change change, Optional<String> domain) throws CommandFailure {
    long changed = 0;
    long busy = 0;
    Optional<String> after = Optional.empty();
    do {
      String query = query(Stream.of(parameter("domain", domain), parameter("after", after)));
      String path = "/v1/queue/" + word(change) + query;
      Queues.Changed some =
          Json.read(call("POST", path, BodyPublishers.noBody()), Queues.Changed.class);
      changed += some.changed();
      busy += some.busy();
      after = some.next();
    } while (after.isPresent());
    return new Queues.Changed(changed, busy, after);
  }

  List<QueueMessage> trace(String message) throws CommandFailure {
    String answer = call("GET", "/v1/trace?message=" + segment(message), BodyPublishers.noBody());
    return List.of(Json.read(answer, QueueMessage[].class));
  }

  private static String word(Queues.Change change) {
    return change.name().toLowerCase(Locale.ROOT);
  }

  private List<String> texts(String path) throws CommandFailure {
    List<String> texts = new ArrayList<>();
    Json.read(call("GET", path, BodyPublishers.noBody()), JsonNode.class)
        .forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private String call(String method, String path, BodyPublisher body) throws CommandFailure {
    HttpResponse<String> response = send(request(path).timeout(PATIENCE).method(method, body));
    if (response.statusCode() / 100 != 2) {
      throw refused(response.body(), response.statusCode());
    }
    return response.body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(node.resolve(path)).header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws CommandFailure {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw new CommandFailure("nobody listens at " + node + "; is the node running?", e);
    } catch (IOException e) {
      throw new CommandFailure("no answer from " + node + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while waiting for " + node, e);
    }
  }

  private CommandFailure refused(String body, int status) {
    try {
      String message = Json.read(body, JsonNode.class).path("message").asText();
      if (!message.isEmpty()) {
        return new CommandFailure(
            status == 401 ? message + "; see --data, --token and STAFFETTA_TOKEN" : message);
      }
    } catch (IllegalArgumentException e) {
      // Not our API; the status has to say it.
    }
    return new CommandFailure(node + " answered with HTTP status " + status);
  }

  private static BodyPublisher json(Object value) {
    return BodyPublishers.ofString(Json.write(value));
  }

  private static String query(Optional<String> domain) {
    return query(Stream.of(parameter("domain", domain)));
  }

  /** The parameters that are there. */
  private static String query(Stream<Optional<String>> parameters) {
    String query = parameters.flatMap(Optional::stream).collect(Collectors.joining("&"));
    return query.isEmpty() ? "" : "?" + query;
  }

  private static Optional<String> parameter(String name, Optional<String> value) {
    return value.map(given -> name + "=" + segment(given));
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
