package dev.staffetta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.admin.AdminServer;
import dev.staffetta.admin.AdminToken;
import dev.staffetta.admin.ClusterStatus;
import dev.staffetta.admin.ClusterStatus.DestinationStatus;
import dev.staffetta.admin.ClusterStatus.ListenerStatus;
import dev.staffetta.admin.ClusterStatus.MoveStatus;
import dev.staffetta.admin.ClusterStatus.NodeStatus;
import dev.staffetta.admin.ClusterStatus.PartitionStatus;
import dev.staffetta.admin.ClusterStatus.QueueStatus;
import dev.staffetta.admin.ClusterStatus.ReplicaStatus;
import dev.staffetta.admin.FixedQueues;
import dev.staffetta.admin.MetricsPage;
import dev.staffetta.admin.NodeChange;
import dev.staffetta.admin.Operations;
import dev.staffetta.config.AdminSettings;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.memory.MemoryMail;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The commands that administer, against a node whose mail is in memory. */
class StaffettaTest {
  @TempDir private Path data;

  private final MemoryMail mail = new MemoryMail();
  private final FixedQueues queues = new FixedQueues();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final InputStream input = System.in;
  private String wanted = "joined";
  private String partitionState = "ready";
  private ActorTestKit kit;
  private AdminServer server;

  @BeforeEach
  void start() throws Exception {
    kit = ActorTestKit.create(ConfigFactory.parseString("pekko.loglevel = WARNING"));
    AdminSettings settings =
        new AdminSettings(
            "127.0.0.1",
            0,
            Path.of("admin-token"),
            65_536,
            64,
            Duration.ofMinutes(1),
            new AdminSettings.Metrics(Path.of("metrics-token"), 3));
    server =
        AdminServer.start(
                kit.system(),
                settings,
                AdminToken.readOrCreate(data.resolve("admin-token")),
                mail.directory(),
                queues,
                new FixedOperations(),
                new MetricsPage(AdminToken.readOrCreate(data.resolve("metrics-token")), () -> ""))
            .toCompletableFuture()
            .get();
    Files.createDirectories(data.resolve("node1"));
    Files.writeString(data.resolve("node1/admin-url"), server.url() + "\n");
  }

  @AfterEach
  void stop() throws Exception {
    System.setIn(input);
    server.stop(Duration.ofSeconds(1)).toCompletableFuture().get();
    kit.shutdownTestKit();
  }

  private final class FixedOperations implements Operations {
    @Override
    public CompletionStage<ClusterStatus> status() {
      return CompletableFuture.completedFuture(
          new ClusterStatus(
              List.of(
                  new NodeStatus(
                      "node1", "up", wanted, "up", true, "0.1.0", 4711, 3_725, 1, 1, 2_048,
                      1L << 30)),
              List.of(
                  new PartitionStatus(
                      0,
                      "node1",
                      partitionState,
                      3,
                      12,
                      7,
                      2_048,
                      List.of(
                          new ReplicaStatus("node1", "ready", 12, 0, 2_048),
                          new ReplicaStatus("node2", "ready", 5, 7, 2_048)))),
              List.of(new ListenerStatus("node1", "imap", "127.0.0.1", 10_143, "starttls", 3)),
              List.of(new MoveStatus(0, "node2", "copying to node2", 1 << 20, 4 << 20, 6)),
              Optional.of(
                  new QueueStatus(
                      12,
                      15,
                      1,
                      3_725,
                      2,
                      List.of(new DestinationStatus("one.example", 11, 14, 1, 65)),
                      1))));
    }

    @Override
    public CompletionStage<String> changeNode(String name, NodeChange change, boolean force) {
      if (!name.equals("node1")) {
        return CompletableFuture.failedStage(
            new Refusal(Refusal.Code.NONEXISTENT, "there is no node " + name));
      }
      wanted = change == NodeChange.REMOVE ? "removed" : "joined";
      return CompletableFuture.completedFuture(name + ": " + change + (force ? " by force" : ""));
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public CompletionStage<String> reloadTls() {
      return CompletableFuture.completedFuture("certificate of example.com");
    }
  }

  @Test
  void keysOfDomainsAreMadeAndTheirRecordsPrinted() {
    run("domain", "add", "example.com");
    assertThat(run("domain", "dkim", "example.com", "--selector", "one"))
        .as(() -> err.toString())
        .isZero();
    assertThat(out.toString())
        .contains("one._domainkey.example.com. IN TXT ( \"v=DKIM1; k=rsa; p=MII")
        .contains("signs from now on");
    assertThat(out.toString().lines().flatMap(line -> Stream.of(line.split("\""))))
        .allMatch(text -> text.length() <= 255);
    assertThat(run("domain", "dkim", "example.com", "--selector", "two")).isZero();
    assertThat(out.toString()).contains("dkim example.com --activate two");
    assertThat(run("domain", "dkim", "example.com", "--activate", "two")).isZero();
    assertThat(run("domain", "dkim", "example.com", "--remove", "one")).isZero();
    assertThat(run("domain", "dkim", "example.com", "--remove", "one")).isEqualTo(1);
    assertThat(run("domain", "dkim", "example.com", "--algorithm", "md5")).isEqualTo(1);
    assertThat(run("domain", "dkim", "example.com", "--list")).isZero();
    assertThat(out.toString()).contains("; signs\n");
  }

  @Test
  void domainsAccountsAndAliasesAreAdministered() {
    assertThat(run("domain", "add", "example.com")).as(() -> err.toString()).isZero();
    assertThat(runWithPassword("secret", "account", "add", "alice@example.com"))
        .as(() -> err.toString())
        .isZero();
    assertThat(run("account", "list")).as(() -> err.toString()).isZero();
    assertThat(run("account", "list", "example.com")).as(() -> err.toString()).isZero();
    assertThat(run("alias", "add", "info@example.com", "alice@example.com"))
        .as(() -> err.toString())
        .isZero();
    assertThat(run("alias", "list")).as(() -> err.toString()).isZero();
    assertThat(run("alias", "remove", "info@example.com")).as(() -> err.toString()).isZero();
    assertThat(runWithPassword("other", "account", "passwd", "alice@example.com"))
        .as(() -> err.toString())
        .isZero();
    assertThat(run("account", "remove", "alice@example.com")).as(() -> err.toString()).isZero();
    assertThat(run("domain", "list")).as(() -> err.toString()).isZero();
    assertThat(run("domain", "remove", "example.com")).as(() -> err.toString()).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "alice@example.com",
            "alice@example.com",
            "info@example.com: alice@example.com",
            "example.com");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'domain remove nowhere.example', 1, nowhere.example",
    "'domain add no_host', 1, is not a domain",
    "'account remove nobody@example.com', 1, nobody@example.com",
    "'account import /no/such/file.csv', 1, /no/such/file.csv",
    "'', 2, say which COMMAND",
    "'domain', 2, say what to do: staffetta domain add|dkim|list|remove",
    "'domain add', 2, Missing required parameter: 'NAME'",
    "'queue', 2, say what to do: staffetta queue cancel|flush|hold|list|release|retry|show",
    "'queue hold', 2, ID",
    "'queue hold 1 --domain one.example', 2, mutually exclusive",
    "'queue list --limit 0', 2, --limit must be at least 1",
    "'queue show xyz', 1, is not the id of a message",
    "'queue cancel ffffffffffffffff0000000000000000', 1, no message ffff",
    "'queue retry 00000000000000020000000000000000', 1, is being sent just now",
    "'trace', 2, MESSAGE-ID",
    "'trace nothing@example.com', 1, nothing is known of nothing@example.com",
    "'domian list', 2, Unmatched argument",
    "'domain list --nonsense', 2, Unknown option: '--nonsense'",
    "'alias add info@example.com', 2, TARGET",
    "'cluster --nodes 6', 2, from 1 to 5",
    "'cluster --nodes 0', 2, from 1 to 5",
    "'cluster --nodes many', 2, many",
    "'serve --config', 2, --config",
    "'domain list --url ftp://x --token y', 2, --url must start with http",
    "'domain list --url http://127.0.0.1:1 --token y', 1, nobody listens at http://127.0.0.1:1",
  })
  void aFailureIsOneLineAndAnExitCode(String command, int exitCode, String message) {
    String[] words = command.isEmpty() ? new String[0] : command.split(" ");
    assertThat(run(words)).isEqualTo(exitCode);
    assertThat(err.toString()).startsWith("staffetta: ").contains(message);
    assertThat(err.toString().lines().filter(line -> line.startsWith("\tat "))).isEmpty();
    if (exitCode == 1) {
      assertThat(err.toString().lines()).hasSize(1);
    }
  }

  @Test
  void aClusterIsNotStartedWithFewerNodesThanItHas() throws Exception {
    Files.createDirectories(data.resolve("node3"));
    assertThat(run("cluster", "--nodes", "2", "--data", data.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("has a cluster of 3 nodes");
  }

  @Test
  void aMissingServerIsExplained() {
    CommandLine command = commandLine();
    assertThat(command.execute("domain", "list", "--data", data.resolve("none").toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("no node runs on").contains("staffetta serve");
  }

  @Test
  void aWrongTokenIsExplained() {
    assertThat(run("domain", "list", "--url", server.url(), "--token", "wrong")).isEqualTo(1);
    assertThat(err.toString()).contains("the admin token is missing or wrong; see --data");
  }

  @Test
  void anImportTellsEachBadLineAndFails() throws Exception {
    run("domain", "add", "example.com");
    StringBuilder csv = new StringBuilder("address,password\n");
    for (int i = 0; i < 120; i++) {
      csv.append("user").append(i).append("@example.com,secret\n");
    }
    Path file = Files.writeString(data.resolve("people.csv"), csv + "bad line\n");
    assertThat(run("account", "import", file.toString())).isEqualTo(1);
    assertThat(out.toString()).isEqualTo("120 accounts added\n");
    assertThat(err.toString().lines())
        .first()
        .isEqualTo(file + ":122: no comma; a line is 'address,password'");
    assertThat(err.toString().lines()).last().asString().contains("1 lines of");
  }

  @Test
  void theStatusIsATable() {
    assertThat(run("status")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "NODE   STATE  REACHABLE  LEADS  REPLICAS  SIZE     FREE     VERSION  PID   UP",
            "node1  up     yes        1      1         2.0 KiB  1.0 GiB  0.1.0    4711  1h2m",
            "",
            "PARTITION  LEADER  STATE  TERM  APPLIED  LAG  SIZE     REPLICAS",
            "0          node1   ready  3     12       7    2.0 KiB  node1, node2 -7",
            "",
            "LISTENER  NODE   ADDRESS          TLS       CONNECTIONS",
            "imap      node1  127.0.0.1:10143  starttls  3",
            "",
            "WAITING FOR  MESSAGES  RECIPIENTS  HELD  OLDEST",
            "all (2)      12        15          1     1h2m",
            "one.example  11        14          1     1m5s",
            "not counted: 1 queues that do not answer",
            "",
            "moving: partition 0, copying to node2: 1.0 MiB of 4.0 MiB, some 6 s left");
  }

  @Test
  void theStatusIsJsonToo() {
    assertThat(run("status", "--json")).isZero();
    assertThat(out.toString())
        .contains("\"leader\":\"node1\"")
        .contains("\"lag\":7")
        .contains("\"recipients\":15");
  }

  @Test
  void nodesAreListedAndChanged() {
    assertThat(run("node", "list")).isZero();
    assertThat(run("node", "list", "--json")).isZero();
    assertThat(run("node", "remove", "node1", "--force")).isZero();
    assertThat(run("node", "resume", "node1")).isZero();
    assertThat(out.toString().lines())
        .contains(
            "node1  up     up      yes        1      1         2.0 KiB  1.0 GiB",
            "node1: REMOVE by force",
            "node1 is removed; its process can be stopped and its data deleted",
            "node1: RESUME");
    assertThat(run("node", "drain", "node9")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("staffetta: there is no node node9\n");
  }

  @Test
  void theStatusOfAnIllClusterFails() {
    partitionState = "no leader";
    assertThat(run("status")).isEqualTo(1);
    assertThat(err.toString()).contains("not all nodes are up");
  }

  @Test
  void theQueueIsListed() {
    assertThat(run("queue", "list", "--limit", "2")).as(() -> err.toString()).isZero();
    // How wide the column of ages is depends on the hour.
    assertThat(out.toString().lines().map(l -> l.replaceAll("(AGE|[0-9]+d[0-9]+h) +", "AGE  ")))
        .containsExactly(
            "ID                                AGE  SIZE     TRIES  NEXT  SENDER             "
                + "RECIPIENTS       LAST ANSWER",
            FixedQueues.FIRST
                + "  AGE  1.2 KiB  1      due   alice@example.com  bob@one.example  450 4.2.0"
                + " greylisted",
            FixedQueues.BUSY
                + "  AGE  1.2 KiB  1      due   alice@example.com  bob@one.example  450 4.2.0"
                + " greylisted",
            "and more: see --limit and --domain, and 'staffetta status' for the numbers");
    out.getBuffer().setLength(0);
    assertThat(run("queue", "list", "--json")).isZero();
    assertThat(out.toString()).contains("\"hasMore\":false").contains("\"state\":\"held\"");
    out.getBuffer().setLength(0);
    assertThat(run("queue", "list", "--domain", "two.example")).isZero();
    assertThat(out.toString().lines()).hasSize(1);
  }

  @Test
  void aMessageIsShownAndTraced() {
    assertThat(run("queue", "show", FixedQueues.FIRST)).as(() -> err.toString()).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "message       " + FixedQueues.FIRST,
            "message-id    <m1@example.com>",
            "content       00000000000000000000000000000001, 1.2 KiB",
            "sender        alice@example.com",
            "submitted by  alice@example.com",
            "destination   one.example, in queue 4",
            "accepted      2026-01-02T03:04:05Z",
            "options       BODY=8BITMIME RET=HDRS",
            "state         waiting, tried 1 time, next attempt 2026-01-02T03:09:05Z",
            "recipients",
            "  bob@one.example  waiting  450 4.2.0 greylisted (mx.one.example)  NOTIFY=FAILURE",
            "  carol@one.example  delivered  250 2.0.0 taken (mx.one.example)",
            "attempts",
            "  2026-01-02T03:04:05Z  mx.one.example (TLSv1.3)  bob@one.example  temporary  450"
                + " 4.2.0 greylisted");
    String shown = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run("trace", "<m1@example.com>")).isZero();
    assertThat(out.toString()).isEqualTo(shown);
    assertThat(run("trace", "<m1@example.com>", "--json")).isZero();
    assertThat(run("queue", "show", FixedQueues.FIRST, "--json")).isZero();
  }

  @Test
  void messagesOfTheQueueAreChanged() {
    assertThat(run("queue", "hold", FixedQueues.FIRST)).as(() -> err.toString()).isZero();
    assertThat(run("queue", "release", "--domain", "one.example")).isZero();
    assertThat(run("queue", "cancel", FixedQueues.FIRST)).isZero();
    assertThat(run("queue", "cancel", FixedQueues.FIRST, "--bounce")).isZero();
    assertThat(run("queue", "retry")).isZero();
    assertThat(run("queue", "flush")).isZero();
    assertThat(queues.changes())
        .containsExactly(
            "HOLD Single[id=" + FixedQueues.FIRST + "]",
            "RELEASE OfDomain[domain=one.example]",
            "RELEASE OfDomain[domain=one.example] after half",
            "CANCEL Single[id=" + FixedQueues.FIRST + "]",
            "BOUNCE Single[id=" + FixedQueues.FIRST + "]",
            "RETRY All[]",
            "RETRY All[] after half",
            "RETRY All[]",
            "RETRY All[] after half");
    assertThat(out.toString().lines())
        .startsWith(
            "1 message held",
            "2 messages released; 1 left alone that are being sent just now",
            "1 message cancelled",
            "1 message cancelled and bounced",
            "2 messages due now; 1 left alone that are being sent just now");
  }

  @Test
  void theCertificateIsReloaded() {
    assertThat(run("tls", "reload")).isZero();
    assertThat(out.toString()).isEqualTo("certificate of example.com\n");
  }

  @ParameterizedTest
  @CsvSource({"--help", "serve --help", "cluster --help", "account --help", "account add --help"})
  void helpIsNoFailure(String command) {
    assertThat(commandLine().execute(command.split(" "))).isZero();
    assertThat(out.toString()).contains("Usage: staffetta");
  }

  private int runWithPassword(String password, String... words) {
    System.setIn(new ByteArrayInputStream((password + "\n").getBytes(StandardCharsets.UTF_8)));
    String[] all = java.util.Arrays.copyOf(words, words.length + 1);
    all[words.length] = "--password-stdin";
    return run(all);
  }

  /** Runs a command that administers the node of this test, unless it says another. */
  private int run(String... words) {
    List<String> all = new java.util.ArrayList<>(List.of(words));
    boolean administers =
        words.length > 0
            && List.of("domain", "account", "alias", "status", "tls", "node", "queue", "trace")
                .contains(words[0])
            && (words.length > 1 || words[0].equals("status"));
    if (administers && !all.contains("--url")) {
      all.addAll(List.of("--data", data.toString()));
    }
    return commandLine().execute(all.toArray(String[]::new));
  }

  private CommandLine commandLine() {
    CommandLine commandLine = Staffetta.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine;
  }
}
