package dev.staffetta.cli;

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
import dev.staffetta.admin.ClusterStatus.SpreadStatus;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import picocli.CommandLine;

/** A node whose mail is in memory, made anew for each test, and the commands that administer it. */
final class AdministeredNode implements BeforeEachCallback, AfterEachCallback {
  final FixedQueues queues = new FixedQueues();
  String partitionState = "ready";

  private final MemoryMail mail = new MemoryMail();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final InputStream input = System.in;
  private String wanted = "joined";
  private Path data;
  private ActorTestKit kit;
  private AdminServer server;

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    data = Files.createTempDirectory("staffetta");
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

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    System.setIn(input);
    server.stop(Duration.ofSeconds(1)).toCompletableFuture().get();
    kit.shutdownTestKit();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** The node's data; a test may put its files there. */
  Path data() {
    return data;
  }

  String url() {
    return server.url();
  }

  /** What the commands have printed. */
  String out() {
    return out.toString();
  }

  /** What the commands have complained of. */
  String err() {
    return err.toString();
  }

  void forgetOutput() {
    out.getBuffer().setLength(0);
  }

  int runWithPassword(String password, String... words) {
    System.setIn(new ByteArrayInputStream((password + "\n").getBytes(StandardCharsets.UTF_8)));
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = "--password-stdin";
    return run(all);
  }

  /** Runs a command that administers the node of this test, unless it says another. */
  int run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
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

  CommandLine commandLine() {
    CommandLine commandLine = Staffetta.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine;
  }

  private final class FixedOperations implements Operations {
    @Override
    public CompletionStage<ClusterStatus> status() {
      return CompletableFuture.completedFuture(
          new ClusterStatus(
              List.of(
                  new NodeStatus(
                      "node1", "up", wanted, "up", true, "0.1.0", 4711, 3_725, 1, 1, 2_048,
                      1L << 30, 1L << 33, 1L << 29)),
              List.of(
                  new SpreadStatus("leads", 4, "node2", 3.5, 14.3),
                  new SpreadStatus("bytes", 2_048, "node1", 1_024, 100)),
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
}
