package dev.staffetta.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.admin.ClusterStatus.NodeStatus;
import dev.staffetta.config.AdminSettings;
import dev.staffetta.ports.memory.MemoryMail;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminServerTest {
  @TempDir private Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private final MemoryMail mail = new MemoryMail();
  private final FixedQueues queues = new FixedQueues();
  private volatile boolean isReady = true;
  private ActorTestKit kit;
  private AdminToken token;
  private AdminToken metricsToken;
  private AdminServer server;

  @BeforeEach
  void start() throws Exception {
    kit = ActorTestKit.create(ConfigFactory.parseString("pekko.loglevel = WARNING"));
    token = AdminToken.readOrCreate(directory.resolve("admin-token"));
    AdminSettings settings =
        new AdminSettings(
            "127.0.0.1",
            0,
            Path.of("admin-token"),
            1024,
            4,
            Duration.ofSeconds(10),
            new AdminSettings.Metrics(Path.of("metrics-token"), 3));
    metricsToken = AdminToken.readOrCreate(directory.resolve("metrics-token"));
    server =
        AdminServer.start(
                kit.system(),
                settings,
                token,
                mail.directory(),
                queues,
                new FixedOperations(),
                new MetricsPage(metricsToken, () -> "staffetta_build 1.0\n"))
            .toCompletableFuture()
            .get();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop(Duration.ofSeconds(1)).toCompletableFuture().get();
    kit.shutdownTestKit();
  }

  private static final NodeStatus NODE =
      new NodeStatus("node1", "up", "joined", "up", true, "1", 7, 5, 1, 1, 1, 1, 1, 1);

  private final class FixedOperations implements Operations {
    @Override
    public CompletionStage<ClusterStatus> status() {
      return CompletableFuture.completedFuture(
          new ClusterStatus(
              List.of(NODE), List.of(), List.of(), List.of(), List.of(), Optional.empty()));
    }

    @Override
    public CompletionStage<String> changeNode(String name, NodeChange change, boolean force) {
      return CompletableFuture.completedFuture(name + " " + change + " " + force);
    }

    @Override
    public boolean isReady() {
      return isReady;
    }

    @Override
    public CompletionStage<String> reloadTls() {
      return CompletableFuture.completedFuture("certificate of example.com");
    }
  }

  @Test
  void healthIsOpenToAnyone() throws Exception {
    assertThat(anonymous("GET", "/alive").statusCode()).isEqualTo(200);
    assertThat(anonymous("GET", "/ready").statusCode()).isEqualTo(200);
    isReady = false;
    assertThat(anonymous("GET", "/ready").statusCode()).isEqualTo(503);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/metrics",
    "GET,/v1/status",
    "GET,/v1/domains",
    "PUT,/v1/domains/example.com",
    "GET,/v1/accounts",
    "POST,/v1/accounts/import",
    "GET,/v1/queue",
    "POST,/v1/queue/retry",
    "GET,/v1/trace?message=x",
    "GET,/v1/no-such-path",
  })
  void nothingElseIsAnsweredWithoutTheToken(String method, String path) throws Exception {
    HttpResponse<String> response = anonymous(method, path);
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("WWW-Authenticate"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
    assertThat(message(response)).isEqualTo("the admin token is missing or wrong");
  }

  @Test
  void whoReadsTheMetricsCanDoNothingElse() throws Exception {
    HttpResponse<String> metrics = with(metricsToken, "/metrics");
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.body()).isEqualTo("staffetta_build 1.0\n");
    assertThat(metrics.headers().firstValue("Content-Type"))
        .hasValueSatisfying(
            type -> assertThat(type).isEqualToIgnoringCase("text/plain; charset=UTF-8"));
    assertThat(with(metricsToken, "/v1/domains").statusCode()).isEqualTo(401);
    assertThat(with(token, "/metrics").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> with(AdminToken held, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + held.value()).build(),
        BodyHandlers.ofString());
  }

  @Test
  void aWrongTokenIsRefused() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/v1/domains"))
            .header(
                "Authorization", "Bearer " + token.value().replace(token.value().charAt(0), 'x'))
            .build();
    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
  }

  @Test
  void domainsAndAccountsComeAndGo() throws Exception {
    assertThat(call("PUT", "/v1/domains/Example.COM", "").statusCode()).isEqualTo(204);
    assertThat(call("GET", "/v1/domains", "").body()).isEqualTo("[\"example.com\"]");
    assertThat(call("PUT", "/v1/domains/example.com", "").statusCode()).isEqualTo(409);
    assertThat(call("PUT", "/v1/accounts/alice@example.com", "{\"password\":\"x\"}").statusCode())
        .isEqualTo(204);
    assertThat(call("GET", "/v1/accounts", "").body()).isEqualTo("[\"alice@example.com\"]");
    assertThat(call("DELETE", "/v1/domains/example.com", "").statusCode()).isEqualTo(409);
    assertThat(
            call("PUT", "/v1/accounts/alice@example.com/password", "{\"password\":\"y\"}")
                .statusCode())
        .isEqualTo(204);
    assertThat(call("DELETE", "/v1/accounts/alice@example.com", "").statusCode()).isEqualTo(204);
    assertThat(call("DELETE", "/v1/domains/example.com", "").statusCode()).isEqualTo(204);
  }

  @Test
  void aliasesLeadToTheirTargets() throws Exception {
    call("PUT", "/v1/domains/example.com", "");
    call("PUT", "/v1/accounts/alice@example.com", "{\"password\":\"x\"}");
    assertThat(
            call("PUT", "/v1/aliases/info@example.com", "{\"targets\":[\"alice@example.com\"]}")
                .statusCode())
        .isEqualTo(204);
    assertThat(call("GET", "/v1/aliases?domain=example.com", "").body())
        .isEqualTo("[{\"address\":\"info@example.com\",\"targets\":[\"alice@example.com\"]}]");
    assertThat(call("DELETE", "/v1/aliases/info@example.com", "").statusCode()).isEqualTo(204);
    assertThat(call("DELETE", "/v1/aliases/info@example.com", "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PUT | /v1/domains/no_host | `` | 400 | 'no_host' is not a domain",
        "PUT | /v1/domains/a..b | `` | 400 | 'a..b' is not a domain",
        "PUT | /v1/accounts/alice | {\"password\":\"x\"} | 400 | 'alice' is not an address",
        "PUT | /v1/accounts/a+b@example.com | {\"password\":\"x\"} | 400 | 'a+b' cannot be the name",
        "PUT | /v1/accounts/a@example.com | {\"password\":\"\"} | 400 | the password is empty",
        "PUT | /v1/accounts/a@example.com | {} | 400 | 'password' is missing",
        "PUT | /v1/accounts/a@example.com | not json | 400 | bad JSON",
        "PUT | /v1/accounts/a@example.com | {\"password\":\"x\"} | 404 | ",
        "PUT | /v1/aliases/a@example.com | {\"targets\":[]} | 400 | 'targets' names no address",
        "PATCH | /v1/domains/example.com | `` | 405 | not allowed here",
        "GET | /v1/queue?limit=many | `` | 400 | bad request",
        "GET | /v1/queue/xyz | `` | 400 | 'xyz' is not the id of a message",
        "GET | /v1/queue/ffffffffffffffff0000000000000000 | `` | 404 | no message",
        "POST | /v1/queue/hold | `` | 400 | 'domain' is missing",
        "POST | /v1/queue/shred?domain=one.example | `` | 400 | 'shred' is neither",
        "POST | /v1/queue/xyz/hold | `` | 400 | 'xyz' is not the id",
        "GET | /v1/trace | `` | 400 | bad request",
        "GET | /nowhere | `` | 404 | no such path",
      })
  void aMistakeIsExplained(String method, String path, String body, int status, String message)
      throws Exception {
    HttpResponse<String> response = call(method, path, body);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(message(response)).contains(message == null ? "" : message);
  }

  @Test
  void aBodyOverTheLimitIsRefused() throws Exception {
    String body = "{\"password\":\"" + "x".repeat(2000) + "\"}";
    assertThat(call("PUT", "/v1/accounts/a@example.com", body).statusCode()).isIn(400, 413);
  }

  @Test
  void anImportTellsOfEachLineThatFailed() throws Exception {
    call("PUT", "/v1/domains/example.com", "");
    String csv =
        "address,password\r\nalice@example.com,one\r\n\r\nbob,two\nbob@example.com,\"a,b\"\n"
            + "carol@other.example,x\nno-comma\ndave@example.com,a,b";
    AccountImport.Result result = imported("/v1/accounts/import", csv);
    assertThat(result.added()).isEqualTo(2);
    assertThat(result.failures())
        .extracting(AccountImport.Failure::line)
        .containsExactly(4L, 6L, 7L, 8L);
    assertThat(result.failures().get(0).error()).contains("'bob' is not an address");
    assertThat(result.failures().get(1).address()).isEqualTo("carol@other.example");
    assertThat(result.failures().get(2).error()).contains("no comma");
    assertThat(result.failures().get(3).error()).contains("more than two fields");
    assertThat(call("GET", "/v1/accounts", "").body())
        .isEqualTo("[\"alice@example.com\",\"bob@example.com\"]");
  }

  @Test
  void anImportTakesHashesAsTheyAreAndMakesDomainsWhenAsked() throws Exception {
    String csv =
        "a@new.example,{SSHA}HvyxYCu5nv8Wiidb+NfGzRYdlCbRfOTV\nb@new.example,{PLAIN}{x}y\n"
            + "c@new.example,{CRAM-MD5}5ca4c2d6";
    assertThat(imported("/v1/accounts/import", csv).added()).isZero();
    AccountImport.Result result = imported("/v1/accounts/import?make-domains=true", csv);
    assertThat(call("GET", "/v1/domains", "").body()).isEqualTo("[\"new.example\"]");
    assertThat(result.failures()).extracting(AccountImport.Failure::line).doesNotContain(2L);
  }

  @Test
  void aFileMayComeInSeveralRequests() throws Exception {
    AccountImport.Result result =
        imported("/v1/accounts/import?first-line=101", "address,password\nx");
    assertThat(result.failures())
        .extracting(AccountImport.Failure::line)
        .containsExactly(101L, 102L);
  }

  @Test
  void anImportOfTooManyLinesIsRefusedWhole() throws Exception {
    HttpResponse<String> response = call("POST", "/v1/accounts/import", "x\n".repeat(101));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(message(response)).isEqualTo("at most 100 lines a request, not 101");
  }

  private AccountImport.Result imported(String path, String csv) throws Exception {
    return Json.read(call("POST", path, csv).body(), AccountImport.Result.class);
  }

  @Test
  void theStatusIsJson() throws Exception {
    assertThat(Json.read(call("GET", "/v1/status", "").body(), ClusterStatus.class).nodes())
        .containsExactly(NODE);
  }

  @Test
  void nodesAreDrainedResumedAndRemoved() throws Exception {
    assertThat(call("POST", "/v1/nodes/node2/drain", "").body())
        .isEqualTo("{\"message\":\"node2 DRAIN false\"}");
    assertThat(call("POST", "/v1/nodes/node2/resume", "").body()).contains("RESUME");
    assertThat(call("DELETE", "/v1/nodes/node2?force=true", "").body()).contains("REMOVE true");
    assertThat(call("DELETE", "/v1/nodes/node2", "").body()).contains("REMOVE false");
  }

  @Test
  void theCertificateCanBeReloaded() throws Exception {
    assertThat(call("POST", "/v1/tls-reload", "").body())
        .isEqualTo("{\"tls\":\"certificate of example.com\"}");
  }

  @Test
  void theQueueIsListedPageByPage() throws Exception {
    QueueMessage.Page page =
        Json.read(call("GET", "/v1/queue?limit=1", "").body(), QueueMessage.Page.class);
    assertThat(page.next()).contains("2");
    QueueMessage message = page.messages().get(0);
    assertThat(message.id()).isEqualTo(FixedQueues.FIRST);
    assertThat(message.state()).isEqualTo("waiting");
    assertThat(message.nextAttempt()).contains("2026-01-02T03:09:05Z");
    assertThat(message.recipients().get(0).reply()).isEqualTo("450 4.2.0 greylisted");
    assertThat(message.recipients().get(0).reports()).contains(List.of("failure"));
    QueueMessage.Page last =
        Json.read(call("GET", "/v1/queue?after=3", "").body(), QueueMessage.Page.class);
    assertThat(last.next()).isEmpty();
    assertThat(last.messages().get(0).state()).isEqualTo("held");
    assertThat(call("GET", "/v1/queue?domain=two.example", "").body())
        .isEqualTo("{\"messages\":[],\"next\":null}");
    assertThat(
            Json.read(call("GET", "/v1/queue/" + FixedQueues.FIRST, "").body(), QueueMessage.class))
        .isEqualTo(message);
  }

  @Test
  void messagesOfTheQueueAreChanged() throws Exception {
    assertThat(call("POST", "/v1/queue/" + FixedQueues.FIRST + "/hold", "").body())
        .isEqualTo("{\"changed\":1,\"busy\":0,\"next\":null}");
    assertThat(call("POST", "/v1/queue/bounce?domain=One.Example", "").body())
        .isEqualTo("{\"changed\":2,\"busy\":0,\"next\":\"half\"}");
    call("POST", "/v1/queue/retry?after=half", "");
    assertThat(queues.changes())
        .containsExactly(
            "HOLD Single[id=" + FixedQueues.FIRST + "]",
            "BOUNCE OfDomain[domain=one.example]",
            "RETRY All[] after half");
  }

  @Test
  void aMessageIsTraced() throws Exception {
    assertThat(
            Json.read(
                call("GET", "/v1/trace?message=%3Cm2%40example.com%3E", "").body(),
                QueueMessage[].class))
        .extracting(QueueMessage::submitter)
        .containsExactly(Optional.of("alice@example.com"));
  }

  private HttpResponse<String> anonymous(String method, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path)).method(method, BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", "Bearer " + token.value())
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create(server.url() + path);
  }

  private static String message(HttpResponse<String> response) {
    return Json.read(response.body(), JsonNode.class).path("message").asText();
  }
}
